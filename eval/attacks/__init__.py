"""What strangers may try: hostile connections and hostile files, each with what it costs those who ask beside it."""
