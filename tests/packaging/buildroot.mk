# Stands in for Buildroot where it runs a cmake-package of one external tree: the variables that a recipe may use, and the
# commands that it leads to. BR2_EXTERNAL_TINYAWS_PATH, TOOLCHAIN_FILE, BUILD_DIR, STAGING_DIR and TARGET_DIR are given.
define cmake-package
all:
	cmake -S $$(TINYAWS_SITE) -B $$(BUILD_DIR) -DCMAKE_TOOLCHAIN_FILE=$$(TOOLCHAIN_FILE) -DCMAKE_BUILD_TYPE=Release \
		-DCMAKE_CXX_FLAGS_RELEASE=-DNDEBUG \
		-DCMAKE_INSTALL_PREFIX=/usr -DBUILD_DOC=OFF -DBUILD_EXAMPLES=OFF -DBUILD_TESTS=OFF -DBUILD_TESTING=OFF \
		-DBUILD_SHARED_LIBS=$$(if $$(BR2_STATIC_LIBS),OFF,ON) $$(TINYAWS_CONF_OPTS)
	$$(MAKE) -C $$(BUILD_DIR)
	$$(MAKE) -C $$(BUILD_DIR) DESTDIR=$$(STAGING_DIR) install/fast
	$$(MAKE) -C $$(BUILD_DIR) DESTDIR=$$(TARGET_DIR) install/fast
	@echo version: $$(TINYAWS_VERSION), dependencies: $$(TINYAWS_DEPENDENCIES)
endef

include $(BR2_EXTERNAL_TINYAWS_PATH)/external.mk
