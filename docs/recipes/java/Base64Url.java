import java.util.Base64;

final class Base64Url {
  private Base64Url() {}

  /** The bytes of one base64url segment in its only canonical spelling (RFC 4648 section 3.5), or null. */
  static byte[] canonical(String segment) {
    if (!segment.matches("[A-Za-z0-9_-]+")) return null;
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(segment);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(segment) ? bytes : null;
    } catch (IllegalArgumentException notWholeBytes) {
      return null;
    }
  }
}
