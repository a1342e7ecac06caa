"""Say why structures end as they do, and which stances matter."""
