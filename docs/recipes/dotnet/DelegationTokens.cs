using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fullmakt;

/// <summary>The one error that a bad token gives. The code is as in client/README.md; nothing of the token stands in it.</summary>
public sealed class TokenRefused(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}

/// <summary>Your logged-in user: iss and sub of the id_token of your own session.</summary>
public sealed record User(string Issuer, string Subject);

/// <summary>What you are about to do; provider and object are null where there is none.</summary>
public sealed record Power(string Service, string Action, string? Provider, string? Object);

/// <summary>The minimum is "substantial" or "high".</summary>
public sealed record Asked(string Audience, User User, Power Power, string MinimumAssurance);

/// <summary>Who is represented, and by what ground. Caches go by TokenId: one token has two valid signatures.</summary>
public sealed record Verified(string Principal, string Handle, string Basis, string TokenId, string EvaluationId);

/// <summary>
/// Checks delegation tokens of Fullmakt, as docs/recipes/README.md tells: the numbers are those of the checks there.
/// .NET 8, and nothing else. Make one for the life of the process.
/// </summary>
public sealed partial class DelegationTokens
{
    private const int LongestToken = 16_384, LongestList = 524_288, LargestList = 262_144;
    private const long ClockSkew = 30, LongestLife = 300, OldestList = 90;

    private static readonly HashSet<string> HeaderMembers = ["alg", "kid", "typ"];
    private static readonly HashSet<string> Bases =
        ["mandate", "parent", "guardian", "lasting_power", "organisation_role", "employment", "estate"];
    private static readonly HashSet<string> Obligations = ["introspect", "stale_facts", "ask_for_each_object"];
    private static readonly Dictionary<string, int> Levels = new(StringComparer.Ordinal)
    {
        ["idporten-loa-low"] = 0, ["idporten-loa-substantial"] = 1, ["idporten-loa-high"] = 2,
        ["eidas-loa-substantial"] = 1, ["eidas-loa-high"] = 2, ["Level3"] = 1, ["Level4"] = 2,
        ["substantial"] = 1, ["high"] = 2,
    };

    private static readonly HttpClient Http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(3) })
    { Timeout = TimeSpan.FromSeconds(3) };

    private sealed record StatusList(long Made, long Ends, byte[] Entries);

    private readonly string _issuer;
    private readonly Held<Dictionary<string, ECDsa>> _keys;
    private readonly Held<StatusList> _lists;

    public DelegationTokens(string issuer)
    {
        var address = new Uri(issuer);
        if (address.Scheme != "https" && !address.IsLoopback)
            throw new ArgumentException("the issuer must be https, or on this machine");
        _issuer = issuer;
        _keys = new(async _ => ReadKeys(await Fetch($"{issuer}/jwks", 65_536)), TimeSpan.FromSeconds(60), false);
        _lists = new(async uri => await ReadList(uri, await Fetch(uri, LongestList)), TimeSpan.FromSeconds(15), true);
    }

    /// <summary>Throws TokenRefused unless the token holds for what is asked, now.</summary>
    public async Task<Verified> Verify(string token, Asked asked, DateTimeOffset now)
    {
        ArgumentException.ThrowIfNullOrEmpty(asked.User.Issuer);
        ArgumentException.ThrowIfNullOrEmpty(asked.User.Subject);
        var claims = await Signed(token, "at+jwt", LongestToken); // checks 1 to 5
        if (TextOrNull(claims, "iss") != _issuer) throw new TokenRefused("issuer", "iss is not the issuer"); // 6
        if (TextOrNull(claims, "aud") != asked.Audience) // 7
            throw new TokenRefused("audience", "aud is not this audience alone, as one string");
        CheckTimes(claims, now); // 8
        var (principal, tokenId) = (Text(claims, "sub"), Text(claims, "jti"));
        var evaluationId = Text(claims, "evaluation_id");
        Text(claims, "client_id");
        if (claims.TryGetProperty("cnf", out _)) // 9
            throw new TokenRefused("proof_required", "the token is bound to a key");
        CheckActor(claims, asked.User); // 10
        var (handle, basis) = Ground(claims, asked, now); // 11
        var (uri, index) = StatusPlace(claims);
        if (Levels.GetValueOrDefault(Text(claims, "acr"), 0) < Levels[asked.MinimumAssurance]) // 12
            throw new TokenRefused("assurance", $"the actor logged in below the level {asked.MinimumAssurance}");
        await CheckStatus(uri, index, now); // 13
        return new(principal, handle, basis, tokenId, evaluationId);
    }

    /// <summary>Checks 1 to 5: form, type, algorithm, key, signature. Nothing of the payload is read before the last.</summary>
    private async Task<JsonElement> Signed(string? token, string kind, int longest)
    {
        if (token is null || token.Length > longest) throw new TokenRefused("format", "no text, or too long");
        var parts = token.Split('.', 4).Select(Canonical).ToArray();
        if (parts is not [{ } first, { } second, { } signature])
            throw new TokenRefused("format", "not three canonical base64url segments");
        var header = StrictJson(first);
        var type = TextOrNull(header, "typ");
        if (type != kind && type != $"application/{kind}") throw new TokenRefused("type", $"typ is not {kind}");
        if (TextOrNull(header, "alg") != "ES256") throw new TokenRefused("algorithm", "alg is not ES256");
        if (header.EnumerateObject().Any(member => !HeaderMembers.Contains(member.Name)))
            throw new TokenRefused("format", "the header has a member that would tell the verifier how to verify");
        var key = await Key(TextOrNull(header, "kid") ?? throw new TokenRefused("key", "kid is missing"));
        var input = Encoding.ASCII.GetBytes(token[..token.LastIndexOf('.')]);
        const DSASignatureFormat form = DSASignatureFormat.IeeeP1363FixedFieldConcatenation;
        bool holds;
        lock (key) holds = signature.Length == 64 && key.VerifyData(input, signature, HashAlgorithmName.SHA256, form);
        return holds ? StrictJson(second) : throw new TokenRefused("signature", "the signature does not hold");
    }

    private async Task<ECDsa> Key(string kid)
    {
        try
        {
            // An unknown kid costs the issuer at most one answer in ten seconds.
            var key = (await _keys.Get("jwks")).GetValueOrDefault(kid)
                ?? (await _keys.Get("jwks", TimeSpan.FromSeconds(10))).GetValueOrDefault(kid);
            if (key is not null) return key;
        }
        catch (Exception)
        {
            throw new TokenRefused("keys_unavailable", "the issuer's keys could not be had");
        }
        throw new TokenRefused("key", "kid is not a key of the issuer");
    }

    private static void CheckTimes(JsonElement claims, DateTimeOffset now)
    {
        var second = now.ToUnixTimeMilliseconds() / 1000.0;
        var (issued, expires, login) = (Whole(claims, "iat"), Whole(claims, "exp"), Whole(claims, "auth_time"));
        var begins = claims.TryGetProperty("nbf", out _) ? Whole(claims, "nbf") : issued;
        if (Math.Max(issued, begins) > second + ClockSkew)
            throw new TokenRefused("not_yet_valid", "iat or nbf lies in the future");
        if (expires <= second - ClockSkew) throw new TokenRefused("expired", "exp has passed");
        if (expires <= issued || expires > issued + LongestLife)
            throw new TokenRefused("lifetime", "exp is not within 300 seconds after iat");
        if (login > issued + ClockSkew) throw new TokenRefused("claims", "auth_time lies after iat");
    }

    private static void CheckActor(JsonElement claims, User user)
    {
        var isObject = claims.TryGetProperty("act", out var act) && act.ValueKind == JsonValueKind.Object;
        var (issuer, subject) = isObject ? (TextOrNull(act, "iss"), TextOrNull(act, "sub")) : (null, null);
        if (string.IsNullOrEmpty(issuer) || string.IsNullOrEmpty(subject) || TextOrNull(act, "sub_profile") != "user")
            throw new TokenRefused("actor_missing", "act is missing or does not name a user by iss and sub");
        if (issuer != user.Issuer || subject != user.Subject)
            throw new TokenRefused("actor_mismatch", "act is not the logged-in user");
    }

    /// <summary>The one ground, where it and the scope cover what is asked.</summary>
    private (string Handle, string Basis) Ground(JsonElement claims, Asked asked, DateTimeOffset now)
    {
        if (!claims.TryGetProperty("authorization_details", out var all) || all.ValueKind != JsonValueKind.Array)
            throw new TokenRefused("claims", "authorization_details is missing or not an array");
        var details = all.EnumerateArray().Where(entry => entry.ValueKind == JsonValueKind.Object
            && TextOrNull(entry, "type") == $"{_issuer}/rar/representation").ToList();
        if (details.Any(detail => Texts(detail, "locations") is not [var place] || place != asked.Audience))
            throw new TokenRefused("audience", "locations is not exactly this audience");
        var grounds = details.Select(detail => (Text(detail, "identifier"), Text(detail, "basis"))).Distinct().ToList();
        if (grounds is not [var (handle, basis)] || !Bases.Contains(basis))
            throw new TokenRefused("claims", "not exactly one ground, on a known basis");
        var covering = details.Where(detail => Covers(detail, asked.Power)).ToList();
        if (covering.Count == 0)
            throw new TokenRefused("power_not_covered", "authorization_details do not cover the power");
        covering.ForEach(detail => CheckEnd(detail, now));
        if (!Text(claims, "scope").Split(' ').Contains($"{asked.Power.Service}.{asked.Power.Action}"))
            throw new TokenRefused("power_not_covered", "scope does not cover the power");
        covering.ForEach(CheckObligations);
        return (handle, basis);
    }

    /// <summary>Whoever goes on must see to all of them. This does not introspect; an unknown one stops everybody.</summary>
    private static void CheckObligations(JsonElement detail)
    {
        if (!detail.TryGetProperty("obligations", out _)) return;
        var stated = Texts(detail, "obligations");
        if (!Obligations.IsSupersetOf(stated))
            throw new TokenRefused("claims", "obligations has one that is not known here");
        if (stated.Contains("introspect"))
            throw new TokenRefused("introspection_required", "the issuer itself must be asked about this token");
    }

    private static bool Covers(JsonElement detail, Power power) =>
        Texts(detail, "datatypes").Contains(power.Service) && Texts(detail, "actions").Contains(power.Action)
        && (!detail.TryGetProperty("provider", out _) || Text(detail, "provider") == power.Provider)
        && (!detail.TryGetProperty("object", out _) || Text(detail, "object") == power.Object);

    [GeneratedRegex(@"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Instant();

    private static void CheckEnd(JsonElement detail, DateTimeOffset now)
    {
        if (!detail.TryGetProperty("valid_until", out _)) return;
        var text = Text(detail, "valid_until");
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (!Instant().IsMatch(text) || !DateTimeOffset.TryParse(text, culture, out var end))
            throw new TokenRefused("claims", "valid_until is not an instant");
        if (end <= now) throw new TokenRefused("expired", "the ground has ended");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex ListName();

    private (string Uri, long Index) StatusPlace(JsonElement claims)
    {
        if (!claims.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object
            || !status.TryGetProperty("status_list", out var place) || place.ValueKind != JsonValueKind.Object)
            throw new TokenRefused("claims", "status is missing or names no entry of a status list");
        var (uri, lists) = (Text(place, "uri"), $"{_issuer}/statuslists/");
        if (!uri.StartsWith(lists, StringComparison.Ordinal) || !ListName().IsMatch(uri[lists.Length..]))
            throw new TokenRefused("claims", "uri is missing or not the address of a list of the issuer");
        return (uri, Whole(place, "idx"));
    }

    private async Task CheckStatus(string uri, long index, DateTimeOffset now)
    {
        StatusList list;
        try { list = await _lists.Get(uri); }
        catch (Exception) { throw new TokenRefused("status_unavailable", "the status list could not be had"); }
        var second = now.ToUnixTimeMilliseconds() / 1000.0;
        if (list.Made > second + ClockSkew || second - list.Made > OldestList || list.Ends <= second)
            throw new TokenRefused("status_unavailable", "the status list is too old, or lies in the future");
        var status = index / 4 < list.Entries.Length ? list.Entries[index / 4] >> (int)(index % 4 * 2) & 3 : 3;
        if (status == 1)
            throw new TokenRefused("status_ended", "the ground has ended or changed since the token was issued");
        if (status == 2) throw new TokenRefused("status_suspended", "the ground is frozen");
        if (status != 0) throw new TokenRefused("status_unavailable", "the status list does not tell of the token");
    }

    private async Task<StatusList> ReadList(string uri, byte[] body)
    {
        var claims = await Signed(Encoding.Latin1.GetString(body), "statuslist+jwt", LongestList);
        var (made, ends) = (Whole(claims, "iat"), Whole(claims, "exp"));
        if (TextOrNull(claims, "iss") != _issuer || TextOrNull(claims, "sub") != uri || Whole(claims, "ttl") == 0)
            throw new TokenRefused("claims", "not this list of this issuer");
        if (!claims.TryGetProperty("status_list", out var list) || list.ValueKind != JsonValueKind.Object
            || Whole(list, "bits") != 2 || Canonical(Text(list, "lst")) is not { } packed)
            throw new TokenRefused("claims", "not a list of 2 bits in canonical base64url");
        return new(made, ends, Inflated(packed));
    }

    /// <summary>ZLIB into at most 2^20 entries, whose checksum (Adler-32) stands at the very end of the text.</summary>
    private static byte[] Inflated(byte[] packed)
    {
        using var stream = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
        var bytes = new byte[LargestList + 1];
        var size = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (size is 0 or > LargestList) throw new InvalidDataException("not a list of at most 2^20 entries");
        // ZLibStream says nothing of a text that breaks off or goes on, so the checksum is looked for where it must be.
        uint a = 1, b = 0;
        for (var at = 0; at < size; at++) (a, b) = ((a + bytes[at]) % 65_521, (b + a + bytes[at]) % 65_521);
        uint told = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packed.AsSpan(packed.Length - 4));
        if (told != (b << 16 | a)) throw new InvalidDataException("the list breaks off, or goes on after its end");
        return bytes[..size];
    }

    /// <summary>The ES256 keys of a JWK set by kid. A key published with its private part is none any more.</summary>
    private static Dictionary<string, ECDsa> ReadKeys(byte[] body)
    {
        var keys = new Dictionary<string, ECDsa>(StringComparer.Ordinal);
        foreach (var jwk in StrictJson(body).GetProperty("keys").EnumerateArray())
        {
            if (jwk.ValueKind != JsonValueKind.Object || jwk.TryGetProperty("d", out _)) continue;
            if (TextOrNull(jwk, "kty") != "EC" || TextOrNull(jwk, "crv") != "P-256") continue;
            if (jwk.TryGetProperty("alg", out _) && TextOrNull(jwk, "alg") != "ES256") continue;
            if (jwk.TryGetProperty("use", out _) && TextOrNull(jwk, "use") != "sig") continue;
            if (jwk.TryGetProperty("key_ops", out _) && !Texts(jwk, "key_ops").Contains("verify")) continue;
            var point = new ECPoint { X = Canonical(Text(jwk, "x")), Y = Canonical(Text(jwk, "y")) };
            keys.Add(Text(jwk, "kid"), ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point }));
        }
        return keys;
    }

    /// <summary>Status 200, no redirection, 3 s for all of it, not longer than told.</summary>
    private static async Task<byte[]> Fetch(string address, int longest)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        using var response = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (response.StatusCode != HttpStatusCode.OK) throw new HttpRequestException("the issuer did not answer 200");
        await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
        var bytes = new byte[longest + 1];
        var size = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, limit.Token);
        return size > longest ? throw new HttpRequestException("the issuer's answer is too long") : bytes[..size];
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+\z")]
    private static partial Regex Segment();

    /// <summary>The bytes of one base64url segment in its only canonical spelling (RFC 4648 section 3.5), or null.</summary>
    private static byte[]? Canonical(string segment)
    {
        if (!Segment().IsMatch(segment) || segment.Length % 4 == 1) return null;
        var padded = segment.Replace('-', '+').Replace('_', '/') + new string('=', (4 - segment.Length % 4) % 4);
        var bytes = Convert.FromBase64String(padded);
        return Convert.ToBase64String(bytes) == padded ? bytes : null;
    }

    /// <summary>One JSON object in UTF-8, without a member twice, at most 32 levels deep.</summary>
    private static JsonElement StrictJson(byte[] utf8)
    {
        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement.Clone();
            if (root.ValueKind != JsonValueKind.Object || HasTwice(root)) throw new JsonException();
            return root;
        }
        catch (Exception failure) when (failure is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new TokenRefused("format", "not one JSON object in UTF-8 without duplicate members");
        }
    }

    private static bool HasTwice(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(HasTwice),
        JsonValueKind.Object => element.EnumerateObject().Select(member => member.Name).Distinct().Count()
            < element.EnumerateObject().Count() || element.EnumerateObject().Any(member => HasTwice(member.Value)),
        _ => false,
    };

    private static string? TextOrNull(JsonElement members, string name) =>
        members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Text(JsonElement members, string name) => TextOrNull(members, name) is { Length: > 0 } text
        ? text : throw new TokenRefused("claims", $"{name} is missing or not a non-empty string");

    private static string[] Texts(JsonElement members, string name)
    {
        var isArray = members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array;
        if (!isArray || value.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.String))
            throw new TokenRefused("claims", $"{name} is missing or not an array of strings");
        return value.EnumerateArray().Select(entry => entry.GetString()!).ToArray();
    }

    /// <summary>A whole number from 0 to 2^53 - 1, however it is spelt.</summary>
    private static long Whole(JsonElement members, string name)
    {
        var isNumber = members.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number;
        if (isNumber && value.TryGetDouble(out var number) && number is >= 0 and < 9_007_199_254_740_992
            && number == Math.Floor(number)) return (long)number;
        throw new TokenRefused("claims", $"{name} is missing or not a whole number");
    }

    /// <summary>
    /// What was loaded, held for so long, at most 16 things; after a failure none is loaded for a second. With keepsOld a
    /// failure is not told while there is an older value: a status list says itself how old it is.
    /// </summary>
    private sealed class Held<T>(Func<string, Task<T>> load, TimeSpan time, bool keepsOld) where T : class
    {
        private sealed record Entry(T? Value, Exception? Failure, long At);

        private readonly SemaphoreSlim _one = new(1);
        private readonly Dictionary<string, Entry> _held = new(StringComparer.Ordinal);

        public async Task<T> Get(string name, TimeSpan? olderThan = null)
        {
            await _one.WaitAsync();
            try
            {
                _held.TryGetValue(name, out var entry);
                var age = entry is null ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(Environment.TickCount64 - entry.At);
                var limit = entry?.Failure is null ? olderThan ?? time : TimeSpan.FromSeconds(1);
                if (age >= limit) entry = await Attempt(name, entry?.Value);
                if (_held.Count >= 16 && !_held.ContainsKey(name)) _held.Remove(_held.MinBy(one => one.Value.At).Key);
                _held[name] = entry!;
                return entry!.Value is { } value && (entry.Failure is null || keepsOld) ? value : throw entry.Failure!;
            }
            finally { _one.Release(); }
        }

        private async Task<Entry> Attempt(string name, T? old)
        {
            var at = Environment.TickCount64;
            try { return new(await load(name), null, at); }
            catch (Exception failure) { return new(old, failure, at); }
        }
    }
}
