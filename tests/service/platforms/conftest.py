"""Fixtures of several files of tests."""

from tests.service.platforms.openai_fixtures import client, shelf

__all__ = ["client", "shelf"]
