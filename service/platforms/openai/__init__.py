"""OpenAI's files and vector stores: a vector store is a collection, and a file of it a document with the file's id."""
