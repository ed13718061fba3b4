import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds DelegationTokens against the file of tokens that hold and tokens that do not: exit code 1 for a difference. The
 * issuer's answers come over HTTP from a server on this machine, so that Issuer.fetch is tried too.
 */
final class CheckTokens {
  private final DelegationTokens tokens;
  private final Map<String, Object> usual;
  private int right = 0;

  private CheckTokens(DelegationTokens tokens, Map<String, Object> usual) {
    this.tokens = tokens;
    this.usual = usual;
  }

  public static void main(String[] arguments) throws Exception {
    byte[] bytes = Files.readAllBytes(Path.of(arguments[0]));
    Map<String, Object> file = StrictJson.object(bytes);
    String issuer = (String) file.get("issuer");
    HttpServer server = serve(issuer, file);
    String address = "http://127.0.0.1:" + server.getAddress().getPort();
    Issuer.Fetch fetch = (uri, longest) -> Issuer.fetch(uri.replace(issuer, address), longest);
    CheckTokens check = new CheckTokens(new DelegationTokens(issuer, fetch), StrictJson.asObject(file.get("asked")));
    List<?> good = (List<?>) file.get("good");
    List<?> bad = (List<?>) file.get("bad");
    for (Object row : good) check.row(StrictJson.asObject(row), "result");
    for (Object row : bad) check.row(StrictJson.asObject(row), "refused");
    server.stop(0);
    int all = good.size() + bad.size();
    System.out.println("Java: " + check.right + " of " + all + " tokens told apart as they must be");
    System.exit(check.right == all && all == 400 ? 0 : 1);
  }

  private static HttpServer serve(String issuer, Map<String, Object> file) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Map<String, Object> lists = StrictJson.asObject(file.get("statusLists"));
    server.createContext("/", exchange -> {
      String path = exchange.getRequestURI().toString();
      Object answer = path.equals("/jwks") ? written(file.get("jwks")) : lists.get(issuer + path);
      byte[] body = answer == null ? new byte[0] : ((String) answer).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    return server;
  }

  private void row(Map<String, Object> row, String wanted) {
    Object found = outcome(row);
    if (found.equals(row.get(wanted))) right++;
    else System.err.println(row.get("id") + " " + row.get("title") + ": " + row.get(wanted) + " expected, " + found);
  }

  private Object outcome(Map<String, Object> row) {
    Map<String, Object> asked = new HashMap<>(usual);
    if (row.get("asked") != null) asked.putAll(StrictJson.asObject(row.get("asked")));
    Map<String, Object> user = StrictJson.asObject(asked.get("user"));
    Map<String, Object> power = StrictJson.asObject(asked.get("power"));
    DelegationTokens.Asked question = new DelegationTokens.Asked(
        (String) asked.get("audience"),
        new DelegationTokens.User((String) user.get("issuer"), (String) user.get("subject")),
        new DelegationTokens.Power((String) power.get("service"), (String) power.get("action"),
            (String) power.get("provider"), (String) power.get("object")),
        (String) asked.get("minimumAssurance"));
    try {
      Instant now = Instant.parse((String) asked.get("now"));
      DelegationTokens.Verified found = tokens.verify((String) row.get("token"), question, now);
      return Map.of("principal", found.principal(), "handle", found.handle(), "basis", found.basis());
    } catch (TokenRefused refused) {
      return refused.code;
    }
  }

  /** The key set, as JSON again: it holds texts, arrays and objects only. */
  private static String written(Object value) {
    if (value instanceof List<?> list) return "[" + String.join(",", list.stream().map(CheckTokens::written).toList()) + "]";
    Map<String, Object> object = StrictJson.asObject(value);
    if (object == null) return "\"" + value + "\"";
    List<String> members = object.entrySet().stream().map(m -> written(m.getKey()) + ":" + written(m.getValue())).toList();
    return "{" + String.join(",", members) + "}";
  }
}
