#!/bin/bash
# Prints a believable company as LDIF below dc=example,dc=com: 4 offices with 5 departments each, 200 people, 32 groups.
# The same at every call. Names that are not ASCII are base64, as RFC 2849 §3 asks.
set -euo pipefail
LC_ALL=C exec awk '
function base64(text,   i, n, out) {  # RFC 4648 §4, byte by byte
  for (i = 1; i <= length(text); i += 3) {
    n = code[substr(text, i, 1)] * 65536 + code[substr(text, i + 1, 1)] * 256 + code[substr(text, i + 2, 1)]
    out = out digit(n / 262144) digit(n / 4096) \
      (i + 1 > length(text) ? "=" : digit(n / 64)) (i + 2 > length(text) ? "=" : digit(n))
  }
  return out
}
function digit(n) { return substr(digits, int(n) % 64 + 1, 1) }
function put(name, value) {
  if (value ~ /[^ -~]/) print name ":: " base64(value)
  else print name ": " value
}
function entry(dn, class) { print ""; put("dn", dn); put("objectClass", class) }
function unit(name, parent) { entry("ou=" name "," parent, "organizationalUnit"); put("ou", name) }

function person(i, office, department,   first, last, uid, cn) {
  first = i * 7 % firsts + 1
  last = (i * 11 + int(i / 20) * 3) % lasts + 1
  uid = substr(firstASCII[first], 1, 1) lastASCII[last]
  if (taken[uid]++) uid = uid taken[uid]
  cn = firstName[first] " " lastName[last]
  dn[i] = "uid=" uid ",ou=" departments[department] ",ou=" offices[office] ",ou=people," suffix
  entry(dn[i], "inetOrgPerson")
  put("uid", uid)
  put("cn", cn)
  put("givenName", firstName[first])
  put("sn", lastName[last])
  put("displayName", cn)
  put("mail", uid "@example.com")
  put("employeeNumber", 1000 + i)
  put("title", i % 10 == 0 ? "Head of " departments[department] : titles[department * 2 - i % 2])
  put("departmentNumber", department * 10)
  put("telephoneNumber", phone[office] " 555 " 1000 + i)
  put("l", offices[office])
  if (i % 10) put("manager", dn[i - i % 10])
  if (i % 23 == 0) put("description", "On leave until spring.\nCalls go to the department.")
  member["office-" officeASCII[office]] = member["office-" officeASCII[office]] " " i
  member["team-" tolower(departments[department])] = member["team-" tolower(departments[department])] " " i
  if (i % 10 == 0) member["managers"] = member["managers"] " " i
  if (i % 3 == 0) member["vpn"] = member["vpn"] " " i
  project = "project-" projects[i * 5 % projectCount + 1]
  member[project] = member[project] " " i
}

function names(text, full, plain,   n, i, pair, part) {  # "Zoë:zoe Anna": the name, and how it is written in a uid
  n = split(text, part, " ")
  for (i = 1; i <= n; i++) {
    full[i] = part[i]
    plain[i] = tolower(part[i])
    if (split(part[i], pair, ":") == 2) { full[i] = pair[1]; plain[i] = pair[2] }
  }
  return n
}

BEGIN {
  suffix = "dc=example,dc=com"
  digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
  for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i
  firsts = names("Anna Björn:bjorn Carla Dmitri Élodie:elodie Farid Grace Hiro Inês:ines Jonas Katarzyna Liam " \
    "Mei Nikos Oona Paul Quentin Rosa Søren:soren Tariq Uma Viktor Wanjiru Ximena Yusuf Zoë:zoe Łukasz:lukasz", \
    firstName, firstASCII)
  lasts = names("Andersen Baker Costa Dubois Eriksson Fischer García:garcia Haddad Ivanova Jensen Kowalska Lindqvist " \
    "Müller:mueller Nakamura Okafor Papadopoulos Quispe Rossi Schäfer:schaefer Tanaka Usman Vogel Weber Xu Yılmaz:yilmaz " \
    "Zając:zajac Peña:pena Novák:novak Singh", lastName, lastASCII)
  officeCount = names("Zürich:zurich Kraków:krakow Porto Austin", offices, officeASCII)
  split("+41:44 +48:12 +351:22 +1:512", phone, " ")
  departmentCount = split("Engineering Sales Finance Support Operations", departments, " ")
  split("Engineer,Senior Engineer,Account Manager,Sales Assistant,Accountant,Controller,Support Agent," \
    "Support Specialist,Planner,Technician", titles, ",")
  projectCount = split("aurora basalt cobalt delta ember falcon granite harbor iris juniper kestrel lumen mistral " \
    "nimbus opal pioneer quartz ridge sierra tundra umbra", projects, " ")

  unit("people", suffix)
  for (office = 1; office <= officeCount; office++) {
    sub(":", " ", phone[office])
    unit(offices[office], "ou=people," suffix)
    for (department = 1; department <= departmentCount; department++)
      unit(departments[department], "ou=" offices[office] ",ou=people," suffix)
  }
  for (i = 0; i < 200; i++) person(i, int(i / 50) + 1, int(i / 10) % 5 + 1)

  unit("groups", suffix)
  for (group in member) order[++groups] = group
  for (i = 2; i <= groups; i++)  # awk keeps no order of its own
    for (j = i; j > 1 && order[j] < order[j - 1]; j--) { group = order[j]; order[j] = order[j - 1]; order[j - 1] = group }
  for (i = 1; i <= groups; i++) {
    entry("cn=" order[i] ",ou=groups," suffix, "groupOfNames")
    put("cn", order[i])
    n = split(member[order[i]], ids, " ")
    for (j = 1; j <= n; j++) put("member", dn[ids[j]])
  }
}'
