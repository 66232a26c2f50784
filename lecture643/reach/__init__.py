"""How the lecture reaches people: the command, the site, films, the hall."""
