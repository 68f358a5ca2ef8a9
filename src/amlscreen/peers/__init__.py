"""Whom a subject is held against, and what is usual among them."""
