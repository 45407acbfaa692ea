"""Mail with a report: what Python reads in the outbox's files is what was asked for, with the file that can be downloaded."""

import email
import email.policy

from server import wait_for

NAME = "Größe & <Umsatz>"


def check_message(dashboard, folder):
    client = dashboard.client
    report = client.make(dashboard.id, "xlsx", recipients=[dashboard.user], description="For Monday.")
    report = client.json("PATCH", f"/api/reports/{report['id']}/", {"name": NAME})
    run, headers, file = client.made(report, {"deliver": True})

    # Mail goes out when the file can be downloaded.
    def has_sent():
        run.update(client.json("GET", f"/api/reports/{report['id']}/runs/{run['id']}/"))
        return run["deliveries"]

    wait_for(has_sent, "the mail")
    assert [(one["user"], one["status"]) for one in run["deliveries"]] == [(dashboard.user, "sent")], run
    messages = sorted(folder.glob("*.eml"))
    assert len(messages) == 1, messages
    message = email.message_from_bytes(messages[0].read_bytes(), policy=email.policy.default)
    assert not message.defects, message.defects
    assert message["Subject"] == NAME, message["Subject"]
    (to,) = message["To"].addresses
    assert (to.addr_spec, to.display_name) == ("you@example.com", "Jane Smith"), message["To"]
    (sender,) = message["From"].addresses
    assert sender.addr_spec == "reports@example.com", message["From"]
    plain = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert NAME in plain and "For Monday." in plain, plain
    assert "Größe &amp; &lt;Umsatz&gt;" in html and "<Umsatz>" not in html, html
    (attachment,) = message.iter_attachments()
    assert attachment.get_content_type() == headers["Content-Type"], attachment.get_content_type()
    assert attachment.get_filename().endswith(".xlsx") and "Umsatz" in attachment.get_filename(), attachment.get_filename()
    assert attachment.get_content() == file, f"{len(attachment.get_content())} bytes, {len(file)} expected"
    return f"one message to {to.addr_spec} with the file of {len(file)} bytes"
