import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.schema.Schema;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** UnboundID's in-memory directory server on 127.0.0.1, with a change log; its own tool listens on every interface. */
public final class InMemoryDirectory {
  /** The argument is a file of properties, which UnboundIDServer.swift writes. */
  public static void main(String[] arguments) throws Exception {
    Properties settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
      settings.load(file);
    }
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(settings.getProperty("base"));
    config.addAdditionalBindCredentials(settings.getProperty("adminDN"), settings.getProperty("adminPassword"));
    config.setMaxChangeLogEntries(Integer.parseInt(settings.getProperty("maxChanges")));
    config.setSchema(
        Schema.mergeSchemas(Schema.getDefaultStandardSchema(), Schema.getSchema(settings.getProperty("schema"))));
    config.setVendorName(settings.getProperty("vendorName"));
    config.setVendorVersion(settings.getProperty("vendorVersion"));
    int port = Integer.parseInt(settings.getProperty("port"));
    InetAddress loopback = InetAddress.getByName("127.0.0.1");
    config.setListenerConfigs(new InMemoryListenerConfig("ldap", loopback, port, null, null, null));
    InMemoryDirectoryServer server = new InMemoryDirectoryServer(config);
    server.importFromLDIF(true, settings.getProperty("seed"));
    server.startListening();
    System.out.println("listening");
    Thread.currentThread().join();
  }
}
