using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Guantong.Trust;

/// <summary>A root key that never leaves a cryptographic token (an HSM, a smart card), reached by PKCS#11 (OASIS PKCS #11 2.40): AES-256-GCM inside the token.</summary>
public sealed class Pkcs11Root : IRootKey, IDisposable
{
    private const int NonceSize = 12, TagSize = 16;
    private static readonly Pkcs11InteropFactories Make = new();
    // A library is loaded once in a process: a second time it says that it is loaded already.
    private static readonly Dictionary<string, IPkcs11Library> Libraries = [];

    private readonly Lock _gate = new();
    private readonly Pkcs11Address _address;
    private ISession? _session;
    private IObjectHandle? _key;

    // The package asks for libdl by a name that only a compiler's files bear.
    static Pkcs11Root() => NativeLibrary.SetDllImportResolver(typeof(Pkcs11InteropFactories).Assembly, (name, _, _) =>
        name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var library) ? library : 0);

    private Pkcs11Root(Pkcs11Address address) => _address = address;

    /// <inheritdoc/>
    public string Id { get; private set; } = "";

    /// <summary>Opens a key of a token.</summary>
    /// <param name="uri"><c>pkcs11:token=TOKEN;object=LABEL?module-path=/…/LIBRARY.so&amp;pin-source=FILE</c> (RFC 7512); the file holds the user's PIN and is its owner's alone.</param>
    /// <param name="mayMake">Makes the key, which can then not be read out, where the token has none of that label.</param>
    /// <exception cref="ConfigurationException">There is no such library, token or key, the PIN is wrong, or the key could be read out.</exception>
    public static Pkcs11Root Open(string uri, bool mayMake)
    {
        var root = new Pkcs11Root(Pkcs11Address.Read(uri));
        try
        {
            root.Connect(mayMake);
            return root;
        }
        catch (ConfigurationException)
        {
            root.Dispose();
            throw;
        }
        catch (Exception e) when (e is Pkcs11Exception or LibraryArchitectureException or UnmanagedException or DllNotFoundException)
        {
            root.Dispose();
            throw new ConfigurationException($"the root key {root._address.Name}: {(e is Pkcs11Exception { RV: var code } ? $"the token said {code}" : $"{root._address.Module} is no library that speaks PKCS#11")}");
        }
    }

    /// <inheritdoc/>
    public Task<string> WrapAsync(ReadOnlyMemory<byte> secret, string about, CancellationToken cancel = default) => Task.FromResult(Within((session, key) =>
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        using var mechanism = Gcm(session, nonce, about);
        return Convert.ToBase64String([.. nonce, .. session.Encrypt(mechanism, key, secret.ToArray())]);
    }));

    /// <inheritdoc/>
    public Task<byte[]> UnwrapAsync(string wrapped, string about, CancellationToken cancel = default) => Task.FromResult(Within((session, key) =>
    {
        var bytes = Convert.FromBase64String(wrapped);
        using var mechanism = Gcm(session, bytes[..NonceSize], about);
        return session.Decrypt(mechanism, key, bytes[NonceSize..]);
    }));

    private static IMechanism Gcm(ISession session, byte[] nonce, string about) => session.Factories.MechanismFactory.Create(CKM.CKM_AES_GCM,
        session.Factories.MechanismParamsFactory.CreateCkGcmParams(nonce, NonceSize * 8, Encoding.UTF8.GetBytes(about), TagSize * 8));

    // A token may have been taken out and put back, or its session have ended: then it is asked once more from the start.
    private T Within<T>(Func<ISession, IObjectHandle, T> work)
    {
        lock (_gate)
        {
            for (var isSecond = false; ; isSecond = true)
            {
                try
                {
                    if (_session is null)
                        Connect(mayMake: false);
                    return work(_session!, _key!);
                }
                catch (Pkcs11Exception e) when (!isSecond && e.RV is CKR.CKR_SESSION_HANDLE_INVALID or CKR.CKR_SESSION_CLOSED or CKR.CKR_DEVICE_REMOVED or CKR.CKR_USER_NOT_LOGGED_IN or CKR.CKR_KEY_HANDLE_INVALID or CKR.CKR_OBJECT_HANDLE_INVALID)
                {
                    Close();
                }
                catch (Pkcs11Exception e)
                {
                    throw new CryptographicException($"The token of {Id} refused: {e.RV}.");
                }
            }
        }
    }

    private void Connect(bool mayMake)
    {
        var slot = Load(_address.Module).GetSlotList(SlotsType.WithTokenPresent).Find(s => s.GetTokenInfo().Label.Trim() == _address.Token)
            ?? throw new ConfigurationException($"the root key {_address.Name}: no token is called “{_address.Token}”");
        _session = slot.OpenSession(SessionType.ReadWrite);
        try
        {
            _session.Login(CKU.CKU_USER, _address.Pin());
        }
        // Who is signed in is the process, not the session.
        catch (Pkcs11Exception e) when (e.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
        }
        var attributes = _session.Factories.ObjectAttributeFactory;
        var found = _session.FindAllObjects([attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), attributes.Create(CKA.CKA_LABEL, _address.Label)]);
        if (found.Count > 1)
            throw new ConfigurationException($"the root key {_address.Name}: the token has {found.Count} keys of that label; give the one that wraps a label of its own");
        _key = found.Count == 1 ? found[0] : mayMake ? Generate(_session) : throw new ConfigurationException($"the root key {_address.Name}: the token has no secret key called “{_address.Label}”");
        var told = _session.GetAttributeValue(_key, [CKA.CKA_SENSITIVE, CKA.CKA_EXTRACTABLE, CKA.CKA_ID]);
        if (!told[0].GetValueAsBool() || told[1].GetValueAsBool())
            throw new ConfigurationException($"the root key {_address.Name}: this key can be read out of its token; use one that is sensitive and not extractable");
        Id = $"pkcs11:{_address.Token}/{_address.Label}/{Convert.ToHexStringLower(told[2].GetValueAsByteArray() ?? [])}";
    }

    private IObjectHandle Generate(ISession session)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        using var mechanism = session.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
        return session.GenerateKey(mechanism,
        [
            attributes.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES), attributes.Create(CKA.CKA_VALUE_LEN, 32), attributes.Create(CKA.CKA_LABEL, _address.Label),
            attributes.Create(CKA.CKA_ID, RandomNumberGenerator.GetBytes(8)), attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_PRIVATE, true), attributes.Create(CKA.CKA_SENSITIVE, true),
            attributes.Create(CKA.CKA_EXTRACTABLE, false), attributes.Create(CKA.CKA_ENCRYPT, true), attributes.Create(CKA.CKA_DECRYPT, true),
        ]);
    }

    private static IPkcs11Library Load(string module)
    {
        lock (Libraries)
            return Libraries.TryGetValue(module, out var known) ? known : Libraries[module] = Make.Pkcs11LibraryFactory.LoadPkcs11Library(Make, module, AppType.MultiThreaded);
    }

    private void Close()
    {
        try
        {
            _session?.Dispose();
        }
        // It is gone already: that is why it is closed.
        catch (Pkcs11Exception)
        {
        }
        _session = null;
    }

    /// <summary>Ends its session with the token.</summary>
    public void Dispose() => Close();
}

/// <summary>Where a token's key is (RFC 7512).</summary>
/// <param name="Module">The token's library.</param>
/// <param name="PinFile">Where the user's PIN stands.</param>
internal sealed record Pkcs11Address(string Token, string Label, string Module, string PinFile)
{
    /// <summary>What to call it; no PIN, no path.</summary>
    public string Name => $"pkcs11:token={Token};object={Label}";

    public static Pkcs11Address Read(string uri)
    {
        var halves = uri["pkcs11:".Length..].Split('?', 2);
        var (path, query) = (Fields(halves[0], ';'), Fields(halves.ElementAtOrDefault(1) ?? "", '&'));
        if (query.ContainsKey("pin-value"))
            throw new ConfigurationException("a token's PIN is not given in --root, where others on the machine see it; write it to a file and name that as pin-source");
        string Must(Dictionary<string, string> fields, string name) => fields.GetValueOrDefault(name) is { Length: > 0 } value ? value
            : throw new ConfigurationException($"a root key in a token is given as pkcs11:token=TOKEN;object=LABEL?module-path=LIBRARY&pin-source=FILE; {name} is missing");
        var address = new Pkcs11Address(Must(path, "token"), Must(path, "object"), Must(query, "module-path"), Must(query, "pin-source"));
        return Path.IsPathFullyQualified(address.Module) && File.Exists(address.Module) ? address
            : throw new ConfigurationException($"the root key {address.Name}: {address.Module} is not here; module-path is the whole path of the token's library");
    }

    public string Pin()
    {
        if (!File.Exists(PinFile))
            throw new ConfigurationException($"the root key {Name}: its PIN's file {PinFile} is not here");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(PinFile) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != UnixFileMode.None)
            throw new ConfigurationException($"{PinFile}: others than its owner can read this PIN; run chmod 600, and change the PIN if others may have read it");
        return File.ReadAllText(PinFile).Trim();
    }

    private static Dictionary<string, string> Fields(string text, char between)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in text.Split(between, StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split('=', 2)))
            fields[field[0]] = Uri.UnescapeDataString(field.ElementAtOrDefault(1) ?? "");
        return fields;
    }
}
