# Stands in for OpenWrt's rules.mk. TOPDIR is this directory; TOOLCHAIN_FILE and BUILD_DIR are given.
INCLUDE_DIR := $(TOPDIR)/include
CP := cp -fpR
INSTALL_DIR := install -d -m0755
INSTALL_BIN := install -m0755
