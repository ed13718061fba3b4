import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Checks delegation tokens of Fullmakt, as docs/recipes/README.md tells: the numbers are those of the checks there. Java
 * 17.0.3 or later, and nothing else. Copy this folder, without CheckTokens, into your service; make one for its life.
 */
final class DelegationTokens {
  /** Your logged-in user: iss and sub of the id_token of your own session. */
  record User(String issuer, String subject) {}

  /** What you are about to do; provider and object are null where there is none. */
  record Power(String service, String action, String provider, String object) {}

  /** The minimum is `substantial` or `high`. */
  record Asked(String audience, User user, Power power, String minimumAssurance) {}

  /** Who is represented, and by what ground. Caches go by tokenId: one token has two valid signatures. */
  record Verified(String principal, String handle, String basis, String tokenId, String evaluationId) {}

  private record Ground(String handle, String basis) {}

  private static final int LONGEST_TOKEN = 16_384;
  private static final long CLOCK_SKEW = 30;
  private static final long LONGEST_LIFE = 300;
  private static final Set<String> HEADER_MEMBERS = Set.of("alg", "kid", "typ");
  private static final Set<String> BASES = Set.of(
      "mandate", "parent", "guardian", "lasting_power", "organisation_role", "employment", "estate");
  private static final Set<String> OBLIGATIONS = Set.of("introspect", "stale_facts", "ask_for_each_object");
  private static final Map<String, Integer> LEVELS = Map.of(
      "idporten-loa-low", 0, "idporten-loa-substantial", 1, "idporten-loa-high", 2, "eidas-loa-substantial", 1,
      "eidas-loa-high", 2, "Level3", 1, "Level4", 2, "substantial", 1, "high", 2);

  private final String issuer;
  private final Issuer.Held<Map<String, PublicKey>> keys;
  private final Issuer.Held<StatusList> lists;

  /** As issuer https, or http on this machine; as fetch `Issuer::fetch`. */
  DelegationTokens(String issuer, Issuer.Fetch fetch) {
    if (!issuer.matches("https://.*|http://(localhost|127\\.0\\.0\\.1)[:/].*"))
      throw new IllegalArgumentException("the issuer must be https, or http on this machine");
    this.issuer = issuer;
    keys = new Issuer.Held<>(name -> readKeys(bytes(fetch, issuer + "/jwks", 65_536)), 60, false);
    lists = new Issuer.Held<>(uri -> readList(uri, bytes(fetch, uri, StatusList.LONGEST)), 15, true);
  }

  /** Throws TokenRefused unless the token holds for what is asked, now. */
  Verified verify(String token, Asked asked, Instant now) {
    Objects.requireNonNull(asked.user().issuer());
    Map<String, Object> claims = signed(token, "at+jwt", LONGEST_TOKEN); // checks 1 to 5
    if (!issuer.equals(claims.get("iss"))) throw new TokenRefused("issuer", "iss is not the issuer"); // 6
    if (!asked.audience().equals(claims.get("aud"))) // 7
      throw new TokenRefused("audience", "aud is not this audience alone, as one string");
    checkTimes(claims, now); // 8
    String principal = Claims.text(claims, "sub");
    String tokenId = Claims.text(claims, "jti");
    String evaluationId = Claims.text(claims, "evaluation_id");
    Claims.text(claims, "client_id");
    if (claims.containsKey("cnf")) throw new TokenRefused("proof_required", "the token is bound to a key"); // 9
    checkActor(claims, asked.user()); // 10
    Ground ground = ground(claims, asked, now); // 11
    Map<String, Object> place = statusPlace(claims);
    checkAssurance(Claims.text(claims, "acr"), asked.minimumAssurance()); // 12
    statusList(Claims.text(place, "uri")).check(Claims.seconds(place, "idx"), now); // 13
    return new Verified(principal, ground.handle(), ground.basis(), tokenId, evaluationId);
  }

  /** Checks 1 to 5: form, type, algorithm, key, signature. Nothing of the payload is read before the last. */
  private Map<String, Object> signed(String token, String kind, int longest) {
    if (token == null || token.length() > longest) throw new TokenRefused("format", "no text, or too long");
    List<byte[]> parts = new ArrayList<>();
    for (String segment : token.split("\\.", 4)) parts.add(Base64Url.canonical(segment));
    if (parts.size() != 3 || parts.contains(null))
      throw new TokenRefused("format", "not three canonical base64url segments");
    Map<String, Object> header = object(parts.get(0));
    if (!kind.equals(header.get("typ")) && !("application/" + kind).equals(header.get("typ")))
      throw new TokenRefused("type", "typ is not " + kind);
    if (!"ES256".equals(header.get("alg"))) throw new TokenRefused("algorithm", "alg is not ES256");
    if (!HEADER_MEMBERS.containsAll(header.keySet()))
      throw new TokenRefused("format", "the header has a member that would tell the verifier how to verify");
    if (!(header.get("kid") instanceof String kid)) throw new TokenRefused("key", "kid is missing");
    byte[] input = token.substring(0, token.lastIndexOf('.')).getBytes(StandardCharsets.US_ASCII);
    if (!holds(parts.get(2), input, key(kid))) throw new TokenRefused("signature", "the signature does not hold");
    return object(parts.get(1));
  }

  private static boolean holds(byte[] signature, byte[] input, PublicKey key) {
    // Java before 17.0.3 took a signature of zeros for any text.
    boolean hasZero = isZero(signature, 0, Math.min(32, signature.length)) || isZero(signature, 32, signature.length);
    if (signature.length != 64 || hasZero) return false;
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSAinP1363Format");
      verifier.initVerify(key);
      verifier.update(input);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notASignature) {
      return false;
    }
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) if (bytes[at] != 0) return false;
    return true;
  }

  private PublicKey key(String kid) {
    try {
      PublicKey key = keys.get("jwks").get(kid);
      // An unknown kid costs the issuer at most one answer in ten seconds.
      if (key == null) key = keys.get("jwks", 10).get(kid);
      if (key != null) return key;
    } catch (RuntimeException failure) {
      throw new TokenRefused("keys_unavailable", "the issuer’s keys could not be had");
    }
    throw new TokenRefused("key", "kid is not a key of the issuer");
  }

  private StatusList statusList(String uri) {
    try {
      return lists.get(uri);
    } catch (RuntimeException failure) {
      throw new TokenRefused("status_unavailable", "the status list could not be had");
    }
  }

  private StatusList readList(String uri, byte[] body) {
    String token = new String(body, StandardCharsets.ISO_8859_1);
    return StatusList.of(signed(token, "statuslist+jwt", StatusList.LONGEST), issuer, uri);
  }

  private static void checkTimes(Map<String, Object> claims, Instant now) {
    double second = now.toEpochMilli() / 1000.0;
    long issued = Claims.seconds(claims, "iat");
    long expires = Claims.seconds(claims, "exp");
    long login = Claims.seconds(claims, "auth_time");
    long begins = claims.containsKey("nbf") ? Claims.seconds(claims, "nbf") : issued;
    if (Math.max(issued, begins) > second + CLOCK_SKEW)
      throw new TokenRefused("not_yet_valid", "iat or nbf lies in the future");
    if (expires <= second - CLOCK_SKEW) throw new TokenRefused("expired", "exp has passed");
    if (expires <= issued || expires > issued + LONGEST_LIFE)
      throw new TokenRefused("lifetime", "exp is not within 300 seconds after iat");
    if (login > issued + CLOCK_SKEW) throw new TokenRefused("claims", "auth_time lies after iat");
  }

  private static void checkActor(Map<String, Object> claims, User user) {
    Map<String, Object> act = StrictJson.asObject(claims.get("act"));
    boolean named = act != null && isText(act.get("iss")) && isText(act.get("sub"));
    if (!named || !"user".equals(act.get("sub_profile")))
      throw new TokenRefused("actor_missing", "act is missing or does not name a user by iss and sub");
    if (!act.get("iss").equals(user.issuer()) || !act.get("sub").equals(user.subject()))
      throw new TokenRefused("actor_mismatch", "act is not the logged-in user");
  }

  /** The one ground, where it and the scope cover what is asked. */
  private Ground ground(Map<String, Object> claims, Asked asked, Instant now) {
    List<Map<String, Object>> details = details(claims);
    for (Map<String, Object> detail : details)
      if (!Claims.texts(detail, "locations").equals(List.of(asked.audience())))
        throw new TokenRefused("audience", "locations is not exactly this audience");
    Set<Ground> grounds = new HashSet<>();
    for (Map<String, Object> detail : details)
      grounds.add(new Ground(Claims.text(detail, "identifier"), Claims.text(detail, "basis")));
    if (grounds.size() != 1 || !BASES.contains(grounds.iterator().next().basis()))
      throw new TokenRefused("claims", "not exactly one ground, on a known basis");
    List<Map<String, Object>> covering = details.stream().filter(detail -> covers(detail, asked.power())).toList();
    if (covering.isEmpty())
      throw new TokenRefused("power_not_covered", "authorization_details do not cover the power");
    for (Map<String, Object> detail : covering) checkEnd(detail, now);
    String scope = asked.power().service() + "." + asked.power().action();
    if (!Arrays.asList(Claims.text(claims, "scope").split(" ")).contains(scope))
      throw new TokenRefused("power_not_covered", "scope does not cover the power");
    for (Map<String, Object> detail : covering) checkObligations(detail);
    return grounds.iterator().next();
  }

  /** Whoever goes on must see to all of them. The recipe does not introspect; an unknown one stops everybody. */
  private static void checkObligations(Map<String, Object> detail) {
    if (!detail.containsKey("obligations")) return;
    List<?> stated = Claims.texts(detail, "obligations");
    if (!OBLIGATIONS.containsAll(stated))
      throw new TokenRefused("claims", "obligations has one that is not known here");
    if (stated.contains("introspect"))
      throw new TokenRefused("introspection_required", "the issuer itself must be asked about this token");
  }

  private List<Map<String, Object>> details(Map<String, Object> claims) {
    if (!(claims.get("authorization_details") instanceof List<?> entries))
      throw new TokenRefused("claims", "authorization_details is missing or not an array");
    return entries.stream().map(StrictJson::asObject).filter(Objects::nonNull)
        .filter(entry -> (issuer + "/rar/representation").equals(entry.get("type"))).toList();
  }

  private static boolean covers(Map<String, Object> detail, Power power) {
    return Claims.texts(detail, "datatypes").contains(power.service())
        && Claims.texts(detail, "actions").contains(power.action())
        && (!detail.containsKey("provider") || Claims.text(detail, "provider").equals(power.provider()))
        && (!detail.containsKey("object") || Claims.text(detail, "object").equals(power.object()));
  }

  private static void checkEnd(Map<String, Object> detail, Instant now) {
    if (!detail.containsKey("valid_until")) return;
    String end = Claims.text(detail, "valid_until");
    try {
      String form = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})";
      if (!end.matches(form)) throw new DateTimeException("not an instant");
      if (OffsetDateTime.parse(end).toInstant().isAfter(now)) return;
    } catch (DateTimeException notAnInstant) {
      throw new TokenRefused("claims", "valid_until is not an instant");
    }
    throw new TokenRefused("expired", "the ground has ended");
  }

  private Map<String, Object> statusPlace(Map<String, Object> claims) {
    Map<String, Object> status = StrictJson.asObject(claims.get("status"));
    Map<String, Object> place = status == null ? null : StrictJson.asObject(status.get("status_list"));
    if (place == null) throw new TokenRefused("claims", "status is missing or names no entry of a status list");
    Claims.seconds(place, "idx");
    String uri = Claims.text(place, "uri");
    String lists = issuer + "/statuslists/";
    if (!uri.startsWith(lists) || !uri.substring(lists.length()).matches("[A-Za-z0-9_-]{1,64}"))
      throw new TokenRefused("claims", "uri is missing or not the address of a list of the issuer");
    return place;
  }

  private static void checkAssurance(String acr, String minimum) {
    if (LEVELS.getOrDefault(acr, 0) < LEVELS.get(minimum))
      throw new TokenRefused("assurance", "the actor logged in below the level " + minimum);
  }

  private static boolean isText(Object value) {
    return value instanceof String text && !text.isEmpty();
  }

  private static Map<String, Object> object(byte[] utf8) {
    try {
      return StrictJson.object(utf8);
    } catch (IllegalArgumentException notStrict) {
      throw new TokenRefused("format", "not one JSON object in UTF-8 without duplicate members");
    }
  }

  private static byte[] bytes(Issuer.Fetch fetch, String address, int longest) {
    try {
      return fetch.bytes(address, longest);
    } catch (Exception failure) {
      throw new IllegalStateException("the issuer is out of reach", failure);
    }
  }

  /** The ES256 keys of a JWK set by kid. A key published with its private part is none any more. */
  private static Map<String, PublicKey> readKeys(byte[] body) {
    Map<String, PublicKey> keys = new HashMap<>();
    for (Object entry : (List<?>) StrictJson.object(body).get("keys")) {
      Map<String, Object> jwk = StrictJson.asObject(entry);
      boolean onCurve = jwk != null && "EC".equals(jwk.get("kty")) && "P-256".equals(jwk.get("crv"));
      if (!onCurve || jwk.containsKey("d") || !"ES256".equals(jwk.getOrDefault("alg", "ES256"))) continue;
      if (!"sig".equals(jwk.getOrDefault("use", "sig"))) continue;
      if (!(jwk.getOrDefault("key_ops", List.of("verify")) instanceof List<?> uses) || !uses.contains("verify")) continue;
      if (keys.put(Claims.text(jwk, "kid"), publicKey(jwk)) != null)
        throw new IllegalStateException("a kid names two keys");
    }
    return keys;
  }

  private static PublicKey publicKey(Map<String, Object> jwk) {
    try {
      AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
      curve.init(new ECGenParameterSpec("secp256r1"));
      ECPoint point = new ECPoint(coordinate(jwk, "x"), coordinate(jwk, "y"));
      ECPublicKeySpec specification = new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class));
      return KeyFactory.getInstance("EC").generatePublic(specification);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static BigInteger coordinate(Map<String, Object> jwk, String name) {
    return new BigInteger(1, Base64Url.canonical(Claims.text(jwk, name)));
  }
}
