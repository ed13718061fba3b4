import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** What comes from the issuer, and how long it is held. */
final class Issuer {
  /** Gives the bytes at an address, which may not be more than told. */
  interface Fetch {
    byte[] bytes(String address, int longest) throws Exception;
  }

  private static final HttpClient CLIENT = HttpClient.newBuilder()
      .followRedirects(HttpClient.Redirect.NEVER)
      .connectTimeout(Duration.ofSeconds(3))
      .build();

  private Issuer() {}

  /** Over HTTP: status 200, no redirection, the head within 3 s and the body within 3 more. */
  static byte[] fetch(String address, int longest) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(address)).timeout(Duration.ofSeconds(3)).build();
    HttpResponse<InputStream> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() != 200) throw new IOException("the issuer answered " + response.statusCode());
      byte[] bytes = CompletableFuture.supplyAsync(() -> read(body, longest + 1)).get(3, TimeUnit.SECONDS);
      if (bytes.length > longest) throw new IOException("the issuer’s answer is too long");
      return bytes;
    }
  }

  private static byte[] read(InputStream body, int longest) {
    try {
      return body.readNBytes(longest);
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /**
   * What was loaded, held for so many seconds, at most 16 things; after a failure none is loaded for a second. With
   * keepsOld a failure is not told while there is an older value: a status list says itself how old it is.
   */
  static final class Held<T> {
    private final Function<String, T> load;
    private final long forSeconds;
    private final boolean keepsOld;
    private final Map<String, Entry<T>> held = new LinkedHashMap<>();

    Held(Function<String, T> load, long forSeconds, boolean keepsOld) {
      this.load = load;
      this.forSeconds = forSeconds;
      this.keepsOld = keepsOld;
    }

    synchronized T get(String name) {
      return get(name, Long.MAX_VALUE);
    }

    /** Anew where it was loaded longer ago than that. */
    synchronized T get(String name, long olderThanSeconds) {
      Entry<T> entry = held.remove(name);
      long age = entry == null ? Long.MAX_VALUE : (System.nanoTime() - entry.at) / 1_000_000_000L;
      boolean failed = entry != null && entry.failure != null;
      boolean spent = entry == null || age >= (failed ? 1 : forSeconds) || (!failed && age > olderThanSeconds);
      if (spent) entry = attempt(name, entry == null ? null : entry.value);
      held.put(name, entry);
      if (held.size() > 16) held.remove(held.keySet().iterator().next());
      if (entry.failure != null && !(keepsOld && entry.value != null)) throw entry.failure;
      return entry.value;
    }

    private Entry<T> attempt(String name, T old) {
      long at = System.nanoTime();
      try {
        return new Entry<>(load.apply(name), null, at);
      } catch (RuntimeException failure) {
        return new Entry<>(old, failure, at);
      }
    }
  }

  private record Entry<T>(T value, RuntimeException failure, long at) {}
}
