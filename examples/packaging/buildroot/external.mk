include $(sort $(wildcard $(BR2_EXTERNAL_TINYAWS_PATH)/package/*/*.mk))
