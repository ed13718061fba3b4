import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** A Status List Token that held (draft-ietf-oauth-status-list-21), opened. Two bits for each entry. */
record StatusList(long made, long ends, byte[] entries) {
  static final int LONGEST = 524_288;
  private static final int LARGEST = 262_144;
  private static final long OLDEST_SECONDS = 90;
  private static final long CLOCK_SKEW = 30;

  /** Of claims whose signature held; the list must be this issuer's, for this address. */
  static StatusList of(Map<String, Object> claims, String issuer, String uri) {
    long made = Claims.seconds(claims, "iat");
    long ends = Claims.seconds(claims, "exp");
    Map<String, Object> list = StrictJson.asObject(claims.get("status_list"));
    boolean ours = issuer.equals(claims.get("iss")) && uri.equals(claims.get("sub"));
    if (!ours || Claims.seconds(claims, "ttl") == 0 || list == null || Claims.seconds(list, "bits") != 2)
      throw new TokenRefused("claims", "not this list of this issuer, with 2 bits");
    byte[] packed = Base64Url.canonical(Claims.text(list, "lst"));
    if (packed == null) throw new TokenRefused("claims", "lst is not canonical base64url");
    return new StatusList(made, ends, inflated(packed));
  }

  /** Refuses an entry that is not valid at this moment, or of which that cannot be known. */
  void check(long index, Instant now) {
    double second = now.toEpochMilli() / 1000.0;
    if (made > second + CLOCK_SKEW || second - made > OLDEST_SECONDS || ends <= second)
      throw new TokenRefused("status_unavailable", "the status list is too old, or lies in the future");
    if (index / 4 >= entries.length)
      throw new TokenRefused("status_unavailable", "the status list does not tell of the token");
    switch (entries[(int) (index / 4)] >> (index % 4 * 2) & 3) {
      case 0: return;
      case 1: throw new TokenRefused("status_ended", "the ground has ended or changed since the token was issued");
      case 2: throw new TokenRefused("status_suspended", "the ground is frozen");
      default: throw new TokenRefused("status_unavailable", "the status list does not tell of the token");
    }
  }

  /** ZLIB, one stream and nothing after it, into at most 2^20 entries. */
  private static byte[] inflated(byte[] packed) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] bytes = new byte[LARGEST + 1];
      int size = 0;
      int more;
      do {
        more = inflater.inflate(bytes, size, bytes.length - size);
        size += more;
      } while (more > 0 && size <= LARGEST);
      if (!inflater.finished() || size > LARGEST || inflater.getRemaining() > 0)
        throw new TokenRefused("format", "lst is not one whole list of at most 2^20 entries");
      return Arrays.copyOf(bytes, size);
    } catch (DataFormatException notZlib) {
      throw new TokenRefused("format", "lst does not inflate");
    } finally {
      inflater.end();
    }
  }
}
