"""Ask of many settings which uncertainty decides, and where a structure settles."""
