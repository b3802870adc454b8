"""Digits, from wherever they come: files, people, generators; and what is made of them."""
