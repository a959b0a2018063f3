// The executable is a launcher: core, vendors and host live in one shared library, because two copies of
// the core in one process would have two sets of types, and an adapter loaded later would match neither.

#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <unistd.h>

enum { exitSoftware = 70 };  // EX_SOFTWARE of sysexits.h

static const char library[] = "libLDAPConnector.so";
static const char entryPoint[] = "ldap_connector_main";

// Functions are bound when they are first called, which starts the process a quarter faster.
// By bare name first: only then does an adapter that needs the library by that name get this copy.
static void *load(void) {
  void *handle = dlopen(library, RTLD_LAZY | RTLD_GLOBAL);
  if (handle != NULL) return handle;
  // A library that was found but cannot be loaded fails here again, and dlerror() says why.
  char executable[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", executable, sizeof executable - 1);
  if (length < 0) return NULL;
  executable[length] = '\0';
  char beside[PATH_MAX + sizeof library];
  snprintf(beside, sizeof beside, "%s/%s", dirname(executable), library);
  return dlopen(beside, RTLD_LAZY | RTLD_GLOBAL);
}

static const char *lastError(void) {
  const char *text = dlerror();
  return text != NULL ? text : "unknown reason";
}

int main(int argc, char **argv) {
  // Pages of entries pass from thread to thread; an arena a thread would keep each one's peak.
  mallopt(M_ARENA_MAX, 2);
  void *handle = load();
  if (handle == NULL) {
    fprintf(stderr,
            "ldap-connector: cannot load its library: %s\n"
            "%s belongs in the folder of the executable; `make build` makes both, side by side.\n",
            lastError(), library);
    return exitSoftware;
  }
  int (*run)(int, char **) = (int (*)(int, char **))dlsym(handle, entryPoint);
  if (run == NULL) {
    fprintf(stderr,
            "ldap-connector: %s lacks its entry point: %s\n"
            "Executable and library come from different builds; `make build` makes both.\n",
            library, lastError());
    return exitSoftware;
  }
  return run(argc, argv);
}
