// A socket between a client and the broker that can be cut without the client's help.

import net from "node:net";

export async function relay(url) {
  const target = new URL(url), pairs = new Set();
  const server = net.createServer((client) => {
    const broker = net.connect(Number(target.port), target.hostname), pair = [client, broker];
    pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => {});
      socket.on("close", () => { client.destroy(); broker.destroy(); pairs.delete(pair); });
    }
    client.pipe(broker);
    broker.pipe(client);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = server.address().port;
  return { url: through.href, cut: () => { for (const pair of pairs) for (const socket of pair) socket.destroy(); },
    close: () => new Promise((resolve) => server.close(resolve)) };
}
