/** The one error that a bad token gives. The code is as in client/README.md; nothing of the token stands in it. */
@SuppressWarnings("serial")
final class TokenRefused extends RuntimeException {
  final String code;

  TokenRefused(String code, String message) {
    super(code + ": " + message);
    this.code = code;
  }
}
