"""The platforms whose interfaces are served: a new one is a module with a record, and its record here."""

from service.platforms import dify, mcp, open_webui, vector_stores

PLATFORMS = (dify.PLATFORM, vector_stores.PLATFORM, open_webui.PLATFORM, mcp.PLATFORM)
