"""Files by the hash of their content, in a folder or in a bucket."""
