"""What all answers of a service share."""

from pydantic import BaseModel, ConfigDict


class Response(BaseModel):
    """What all forms share: they do not change, and what a newer service adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")
