"""Share the function that builds small sites."""

from proofread_site import proofread

__all__ = ["proofread"]
