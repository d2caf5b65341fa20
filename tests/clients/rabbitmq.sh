#!/usr/bin/env bash
# Runs a command with a real RabbitMQ of its own beside it: rabbitmq.sh COMMAND [ARGUMENT...], e.g.
#   tests/clients/rabbitmq.sh bash -c 'tests/clients/run.sh "$PREMORTEM_AMQP_URL" "$PREMORTEM_MANAGEMENT_URL"'
# The server is Debian's (apt-get install --no-install-recommends rabbitmq-server), on free ports of the loopback interface, with an
# empty database in a folder that is removed. As root it runs as the user rabbitmq. Exit code: the command's, or 77 without a server.
set -euo pipefail
server=/usr/lib/rabbitmq/bin/rabbitmq-server
if (($# == 0)); then
  echo "usage: rabbitmq.sh COMMAND [ARGUMENT...]" >&2
  exit 2
fi
[[ -x $server ]] || { echo "rabbitmq-server is not installed"; exit 77; }

# Four ports that are free now: AMQP, management, the node's own, and that of Erlang's port mapper.
read -r amqp management node mapper < <(node -e '
const servers = Array.from({ length: 4 }, () => require("net").createServer().listen(0, "127.0.0.1"));
Promise.all(servers.map((server) => new Promise((resolve) => server.on("listening", resolve)))).then(() => {
  console.log(servers.map((server) => server.address().port).join(" "));
  for (const server of servers) server.close();
});')

folder=$(mktemp -d)
mkdir "$folder"/{mnesia,log,home}
cat >"$folder/rabbitmq.conf" <<TXT
listeners.tcp.1 = 127.0.0.1:$amqp
management.tcp.ip = 127.0.0.1
management.tcp.port = $management
log.console = false
TXT
echo "[rabbitmq_management]." >"$folder/enabled_plugins"
as_user=()
if [[ $(id -u) == 0 ]]; then
  chown -R rabbitmq:rabbitmq "$folder"
  as_user=(setpriv --reuid=rabbitmq --regid=rabbitmq --clear-groups)
fi
# Nothing of the caller's own configuration may reach it.
own=("${as_user[@]}" env -i "PATH=$PATH" LANG=C.UTF-8 "HOME=$folder/home" ERL_EPMD_ADDRESS=127.0.0.1 "ERL_EPMD_PORT=$mapper"
  "RABBITMQ_NODENAME=premortem$amqp@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 "RABBITMQ_NODE_PORT=$amqp" "RABBITMQ_DIST_PORT=$node"
  "RABBITMQ_CONFIG_FILE=$folder/rabbitmq.conf" "RABBITMQ_ENABLED_PLUGINS_FILE=$folder/enabled_plugins"
  "RABBITMQ_MNESIA_BASE=$folder/mnesia" "RABBITMQ_LOG_BASE=$folder/log" "RABBITMQ_PID_FILE=$folder/pid"
  "RABBITMQ_SERVER_ERL_ARGS=-kernel inet_dist_use_interface {127,0,0,1}" "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none")

(cd "$folder" && exec "${own[@]}" "$server") >"$folder/output" 2>&1 &
pid=$!
stop() {
  # The server's own process is Erlang's; its shell passes nothing on to it. It runs under that shell alone.
  [[ ! -s $folder/pid ]] || kill "$(<"$folder/pid")" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  "${own[@]}" epmd -port "$mapper" -kill >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

for ((tries = 0; ; ++tries)); do
  node -e 'fetch(process.argv[1], { headers: { authorization: "Basic " + btoa("guest:guest") } }).then((reply) => process.exit(reply.ok ? 0 : 1),
    () => process.exit(1))' "http://127.0.0.1:$management/api/overview" 2>/dev/null && break
  if ((tries == 120)) || ! kill -0 "$pid" 2>/dev/null; then
    echo "rabbitmq-server did not start:" >&2
    tail -n 20 "$folder/output" >&2
    exit 1
  fi
  sleep 0.5
done
PREMORTEM_BROKER_PID=$(<"$folder/pid") PREMORTEM_AMQP_URL=amqp://guest:guest@127.0.0.1:$amqp/ PREMORTEM_MANAGEMENT_URL=http://guest:guest@127.0.0.1:$management "$@"
