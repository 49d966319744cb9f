SUMMARY = "Minimal AWS client for Linux devices"
DESCRIPTION = "Signs requests to AWS (Signature Version 4) and sends them over HTTP/1.1 and TLS. Needs no libstdc++."
LICENSE = "Apache-2.0"
LIC_FILES_CHKSUM = "file://LICENSE;md5=3b83ef96387f14655fc854ddc3c6bd57"

DEPENDS = "mbedtls"

inherit cmake pkgconfig externalsrc

# The checkout that this layer lies in. A product that takes a release instead sets SRC_URI and drops externalsrc.
EXTERNALSRC = "${THISDIR}/../../../../.."
EXTERNALSRC_BUILD = "${WORKDIR}/build"

# What a device needs: bitbake's PACKAGECONFIG:remove:pn-tinyaws = "sts" leaves roles out.
PACKAGECONFIG ??= "awsfetch profiles sts container instance-metadata credential-process"
PACKAGECONFIG[awsfetch] = "-DTINYAWS_BUILD_EXAMPLES=ON,-DTINYAWS_BUILD_EXAMPLES=OFF"
PACKAGECONFIG[profiles] = "-DTINYAWS_WITH_PROFILES=ON,-DTINYAWS_WITH_PROFILES=OFF"
PACKAGECONFIG[sts] = "-DTINYAWS_WITH_STS=ON,-DTINYAWS_WITH_STS=OFF"
PACKAGECONFIG[container] = "-DTINYAWS_WITH_CONTAINER=ON,-DTINYAWS_WITH_CONTAINER=OFF"
PACKAGECONFIG[instance-metadata] = "-DTINYAWS_WITH_INSTANCE_METADATA=ON,-DTINYAWS_WITH_INSTANCE_METADATA=OFF"
PACKAGECONFIG[credential-process] = "-DTINYAWS_CREDENTIAL_PROCESS=ON,-DTINYAWS_CREDENTIAL_PROCESS=OFF"

EXTRA_OECMAKE = "-DBUILD_SHARED_LIBS=ON"

PACKAGES =+ "awsfetch"
FILES:awsfetch = "${bindir}/awsfetch"
RDEPENDS:${PN} = "ca-certificates"
