################################################################################
#
# tinyaws
#
################################################################################

# Of the checkout that this tree lies in. A product that takes a release instead sets version and site, and adds the
# archive to tinyaws.hash.
TINYAWS_SITE = $(BR2_EXTERNAL_TINYAWS_PATH)/../../..
TINYAWS_SITE_METHOD = local
TINYAWS_VERSION = $(word 3,$(shell grep ^project.tinyaws $(TINYAWS_SITE)/CMakeLists.txt))
TINYAWS_LICENSE = Apache-2.0
TINYAWS_LICENSE_FILES = LICENSE
TINYAWS_INSTALL_STAGING = YES
TINYAWS_SUPPORTS_IN_SOURCE_BUILD = NO
TINYAWS_DEPENDENCIES = mbedtls

tinyaws_option = -D$(1)=$(if $(BR2_PACKAGE_TINYAWS_$(2)),ON,OFF)
TINYAWS_CONF_OPTS = \
	$(call tinyaws_option,TINYAWS_BUILD_EXAMPLES,AWSFETCH) \
	$(call tinyaws_option,TINYAWS_WITH_PROFILES,PROFILES) \
	$(call tinyaws_option,TINYAWS_WITH_STS,STS) \
	$(call tinyaws_option,TINYAWS_WITH_CONTAINER,CONTAINER) \
	$(call tinyaws_option,TINYAWS_WITH_INSTANCE_METADATA,INSTANCE_METADATA) \
	$(call tinyaws_option,TINYAWS_CREDENTIAL_PROCESS,CREDENTIAL_PROCESS)

$(eval $(cmake-package))
