import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Reads one member of what was signed; refuses with `claims` what is missing or of another type. */
final class Claims {
  private static final BigDecimal BEYOND = BigDecimal.valueOf(1L << 53);

  private Claims() {}

  static String text(Map<String, Object> members, String name) {
    if (members.get(name) instanceof String text && !text.isEmpty()) return text;
    throw new TokenRefused("claims", name + " is missing or not a non-empty string");
  }

  static List<?> texts(Map<String, Object> members, String name) {
    if (members.get(name) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) return list;
    throw new TokenRefused("claims", name + " is missing or not an array of strings");
  }

  /** A whole number from 0 to 2^53 - 1, however it is spelt. */
  static long seconds(Map<String, Object> members, String name) {
    try {
      if (members.get(name) instanceof BigDecimal number && number.signum() >= 0 && number.compareTo(BEYOND) < 0)
        return number.longValueExact();
    } catch (ArithmeticException fraction) {
      // Refused below, as all else that is not a whole number.
    }
    throw new TokenRefused("claims", name + " is missing or not a whole number");
  }
}
