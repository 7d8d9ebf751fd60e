"""Truth and index in one distributed database: OceanBase, over its MySQL protocol. Needs the extra `oceanbase`."""
