/**
 * Node's `http`. To import it, Node reads all of its members, and one of them, WebSocket, loads fetch and all that a browser has
 * besides: eleven megabytes and a tenth of a second. Asked for like this, it loads what is used.
 */
export const http = process.getBuiltinModule('node:http');
