"""What gunicorn reads when it is started in this folder."""

# As long as gunicorn allows: a search in a script beyond ASCII takes nine bytes for a character. The site
# answers addresses above settings.ADDRESS_BYTES with a page that says so; gunicorn has no page of its own.
limit_request_line = 8190

# Nobody manages it by this socket, which is one for all sites of a user.
control_socket_disable = True
