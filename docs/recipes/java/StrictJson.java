import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON (RFC 8259) and takes only what every reader would read alike: well-formed UTF-8, no member twice in an
 * object, at most 32 levels. Objects become maps, arrays lists, numbers BigDecimal.
 */
final class StrictJson {
  private static final int DEEPEST = 32;
  private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?");

  private final String text;
  private int at = 0;
  private int depth = 0;

  private StrictJson(String text) {
    this.text = text;
  }

  /** One object, and nothing beside it. Throws IllegalArgumentException for all else. */
  static Map<String, Object> object(byte[] utf8) {
    StrictJson json = new StrictJson(decoded(utf8));
    Object value = json.value();
    json.space();
    if (json.at < json.text.length()) throw bad("something stands after the object");
    Map<String, Object> object = asObject(value);
    if (object == null) throw bad("not an object");
    return object;
  }

  /** The value as an object, or null where it is none. */
  @SuppressWarnings("unchecked")
  static Map<String, Object> asObject(Object value) {
    return value instanceof Map ? (Map<String, Object>) value : null;
  }

  private static String decoded(byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException notUtf8) {
      throw bad("not UTF-8");
    }
  }

  private Object value() {
    space();
    switch (peek()) {
      case '{': return members();
      case '[': return entries();
      case '"': return string();
      case 't': return word("true", Boolean.TRUE);
      case 'f': return word("false", Boolean.FALSE);
      case 'n': return word("null", null);
      default: return number();
    }
  }

  private Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    enter();
    if (!ends('}')) {
      do {
        space();
        String name = string();
        space();
        expect(':');
        Object value = value();
        if (members.containsKey(name)) throw bad("a member stands twice");
        members.put(name, value);
      } while (goesOn('}'));
    }
    depth--;
    return members;
  }

  private List<Object> entries() {
    List<Object> entries = new ArrayList<>();
    enter();
    if (!ends(']')) {
      do entries.add(value());
      while (goesOn(']'));
    }
    depth--;
    return entries;
  }

  private void enter() {
    at++;
    if (++depth > DEEPEST) throw bad("nested too deep");
  }

  private boolean ends(char closing) {
    space();
    if (peek() != closing) return false;
    at++;
    return true;
  }

  private boolean goesOn(char closing) {
    if (ends(closing)) return false;
    expect(',');
    return true;
  }

  private String string() {
    expect('"');
    StringBuilder string = new StringBuilder();
    while (true) {
      char sign = next();
      if (sign == '"') return string.toString();
      if (sign < ' ') throw bad("a control character in a text");
      string.append(sign == '\\' ? escaped() : sign);
    }
  }

  private char escaped() {
    char sign = next();
    int plain = "\"\\/bfnrt".indexOf(sign);
    if (plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
    if (sign != 'u' || at + 4 > text.length()) throw bad("no such escape");
    String digits = text.substring(at, at += 4);
    if (!digits.matches("[0-9A-Fa-f]{4}")) throw bad("no such escape");
    return (char) Integer.parseInt(digits, 16);
  }

  private Object number() {
    Matcher found = NUMBER.matcher(text).region(at, text.length());
    if (!found.lookingAt()) throw bad("no value");
    at = found.end();
    try {
      return new BigDecimal(found.group());
    } catch (NumberFormatException beyondCounting) {
      return Double.valueOf(found.group());
    }
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) throw bad("no value");
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) at++;
  }

  private char peek() {
    if (at >= text.length()) throw bad("breaks off");
    return text.charAt(at);
  }

  private char next() {
    char sign = peek();
    at++;
    return sign;
  }

  private void expect(char sign) {
    if (next() != sign) throw bad("another sign was due");
  }

  private static IllegalArgumentException bad(String why) {
    return new IllegalArgumentException("JSON: " + why);
  }
}
