# Stands in for OpenWrt's package.mk: what BuildPackage does with a recipe, in one rule a package.
PKG_BUILD_DIR := $(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
PKG_INSTALL_DIR := $(PKG_BUILD_DIR)/ipkg-install

define Download
$(eval $(subst $(newline) , ,$(Download/$(1))))
endef

define newline


endef

# The fields of a package, as variables: "TITLE:=..." on a line each.
define fields
$(foreach field,TITLE CATEGORY SECTION DEPENDS,$(if $(findstring $(field):=,$(1)),,$(error package $(2) has no $(field))))
endef

define BuildPackage
$(call fields,$(Package/$(1)),$(1))
all: package/$(1)
package/$(1): $$(PKG_BUILD_DIR)/.built
	$$(call Package/$(1)/install,$$(BUILD_DIR)/image/$(1))
endef

$(PKG_BUILD_DIR)/.built:
	$(Build/Prepare)
	$(Build/Configure)
	$(Build/Compile)
	$(Build/Install)
	touch $@
