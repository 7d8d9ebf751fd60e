"""What the tests of the Model Context Protocol share: a call of a tool, and what it answers."""

import json
from typing import Any

from mcp.client.client import Client
from mcp.types import CallToolResult, TextContent

from tests.server_fixtures import Server

QUESTION = "泊位有多少个"


async def call(server: Server, tool: str, **arguments: object) -> CallToolResult:
    async with Client(f"{server.url}/mcp") as client:
        return await client.call_tool(tool, arguments)


def answer_of(result: CallToolResult) -> dict[str, Any]:
    """Return what a tool answered: exactly one text, whose JSON is the structured content."""
    assert not result.is_error, result
    (content,) = result.content
    assert isinstance(content, TextContent)
    answer: dict[str, Any] = json.loads(content.text)
    assert answer == result.structured_content
    return answer


def problem_of(result: CallToolResult) -> str:
    assert result.is_error
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text
