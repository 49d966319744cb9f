SUMMARY = "Splits JSON into tokens; one header"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://jsmn.h;beginline=1;endline=23;md5=c56db537a1570530f80115c3ad355575"

SRC_URI = "https://raw.githubusercontent.com/zserge/jsmn/v${PV}/jsmn.h"
SRC_URI[sha256sum] = "1ed6154dedf009212a08a397e9c4ed50a0ce31d5a8301bb294e137ae3188c13b"
S = "${WORKDIR}"

do_install() {
    install -D -m 0644 ${S}/jsmn.h ${D}${includedir}/jsmn.h
}

ALLOW_EMPTY:${PN} = "1"
