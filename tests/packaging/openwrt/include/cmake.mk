# Stands in for OpenWrt's cmake.mk: a release build whose flags come from outside, in a directory below the sources.
CMAKE_BINARY_DIR := $(PKG_BUILD_DIR)/$(CMAKE_BINARY_SUBDIR)

define Build/Configure
cmake -S $(PKG_BUILD_DIR) -B $(CMAKE_BINARY_DIR) -DCMAKE_TOOLCHAIN_FILE=$(TOOLCHAIN_FILE) -DCMAKE_BUILD_TYPE=Release \
	-DCMAKE_CXX_FLAGS_RELEASE=-DNDEBUG -DCMAKE_SKIP_RPATH=TRUE -DCMAKE_INSTALL_PREFIX=/usr $(CMAKE_OPTIONS)
endef
Build/Compile = $(MAKE) -C $(CMAKE_BINARY_DIR)
Build/Install = $(MAKE) -C $(CMAKE_BINARY_DIR) DESTDIR=$(PKG_INSTALL_DIR) install
