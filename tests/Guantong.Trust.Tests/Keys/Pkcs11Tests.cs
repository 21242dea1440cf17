using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Guantong.Trust;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Guantong.Tests;

/// <summary>A root key in a token: SoftHSM stands in for the hardware.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class Pkcs11Tests
{
    private const string Pin = "4711-not-secret";
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);
    private static readonly Lazy<string?> Home = new(MakeTokens);

    [Fact]
    public async Task A_key_made_in_the_token_wraps_and_unwraps_and_is_known_again()
    {
        using var root = Pkcs11Root.Open(Uri("made"), mayMake: true);
        var wrapped = await root.WrapAsync(Secret, "case.a:1");
        using var again = Pkcs11Root.Open(Uri("made"), mayMake: true);
        Assert.Equal(root.Id, again.Id);
        Assert.Equal(Secret, await again.UnwrapAsync(wrapped, "case.a:1"));
        Assert.NotEqual(wrapped, await again.WrapAsync(Secret, "case.a:1"));
        await Assert.ThrowsAsync<CryptographicException>(() => again.UnwrapAsync(wrapped, "case.b:1"));
        var changed = Convert.FromBase64String(wrapped);
        changed[^1] ^= 1;
        await Assert.ThrowsAsync<CryptographicException>(() => again.UnwrapAsync(Convert.ToBase64String(changed), "case.a:1"));
        using var other = Pkcs11Root.Open(Uri("other"), mayMake: true);
        Assert.NotEqual(root.Id, other.Id);
        await Assert.ThrowsAsync<CryptographicException>(() => other.UnwrapAsync(wrapped, "case.a:1"));
    }

    [Fact]
    public void What_is_wrong_is_said_and_nothing_is_made()
    {
        Assert.Contains("no secret key called", Refused(Uri("absent")), StringComparison.Ordinal);
        Assert.Contains("no token is called “elsewhere”", Refused(Uri("made", token: "elsewhere")), StringComparison.Ordinal);
        Assert.Contains("CKR_PIN_INCORRECT", Refused(Uri("absent", token: "guarded", pin: "wrong"), mayMake: true), StringComparison.Ordinal);
        Assert.Contains("chmod 600", Refused(Uri("absent", mode: UnixFileMode.UserRead | UnixFileMode.OtherRead), mayMake: true), StringComparison.Ordinal);
        Assert.Contains("pin-source", Refused($"{Uri("absent")}&pin-value=1234", mayMake: true), StringComparison.Ordinal);
        Assert.Contains("module-path is missing", Refused("pkcs11:token=guantong;object=a?pin-source=/x", mayMake: true), StringComparison.Ordinal);
        Assert.Contains("is not here", Refused(Uri("absent").Replace("libsofthsm2", "nothing", StringComparison.Ordinal), mayMake: true), StringComparison.Ordinal);
        Assert.Contains("no secret key called", Refused(Uri("absent")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_could_be_read_out_is_refused()
    {
        var uri = Uri("open");
        using (Pkcs11Root.Open(Uri("made-first"), mayMake: true))
        {
            var factories = new Pkcs11InteropFactories();
            // Loaded once in a process: who disposes of it ends it for all.
            var library = factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, Module, AppType.MultiThreaded);
            using var session = library.GetSlotList(SlotsType.WithTokenPresent).Single(s => s.GetTokenInfo().Label.Trim() == "guantong").OpenSession(SessionType.ReadWrite);
            var of = factories.ObjectAttributeFactory;
            using var mechanism = factories.MechanismFactory.Create(CKM.CKM_AES_KEY_GEN);
            session.GenerateKey(mechanism, [of.Create(CKA.CKA_CLASS, CKO.CKO_SECRET_KEY), of.Create(CKA.CKA_KEY_TYPE, CKK.CKK_AES), of.Create(CKA.CKA_VALUE_LEN, 32), of.Create(CKA.CKA_LABEL, "open"),
                of.Create(CKA.CKA_TOKEN, true), of.Create(CKA.CKA_PRIVATE, true), of.Create(CKA.CKA_SENSITIVE, false), of.Create(CKA.CKA_EXTRACTABLE, true), of.Create(CKA.CKA_ENCRYPT, true), of.Create(CKA.CKA_DECRYPT, true)]);
        }
        Assert.Contains("can be read out", Refused(uri), StringComparison.Ordinal);
    }

    [Theory, InlineData("sqlite"), InlineData("postgres")]
    public async Task Data_keys_go_over_from_a_file_to_a_token(string kind)
    {
        var uri = Uri($"root-{kind}");
        await using var home = await KeyHome.MakeAsync(kind);
        var text = await home.SealAsync(home.Node(), "to be kept");
        using (Pkcs11Root.Open(uri, mayMake: true))
            await home.Node(roots: $"{uri},{home.RootFile}").RewrapAsync(KeyHome.Operator);
        File.Delete(home.RootFile);
        var opened = await home.OpenAsync(home.Node(roots: uri), text);
        Assert.Equal((Opening.Clear, "to be kept"), (opened.Opening, opened.Text));
    }

    private static string Module { get; } = ((string[])["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"]).FirstOrDefault(File.Exists) ?? "";

    private static string Refused(string uri, bool mayMake = false) => Assert.Throws<ConfigurationException>(() => Pkcs11Root.Open(uri, mayMake)).Message;

    private static string Uri(string label, string token = "guantong", string pin = Pin, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        Assert.SkipWhen(Home.Value is null, "SoftHSM is not installed; ./guantong test installs it.");
        var file = Path.Combine(Home.Value, Guid.NewGuid().ToString("n"));
        File.WriteAllText(file, pin + "\n");
        File.SetUnixFileMode(file, mode);
        return $"pkcs11:token={token};object={label}?module-path={Module}&pin-source={file}";
    }

    private static string? MakeTokens()
    {
        if (Module.Length == 0)
            return null;
        var home = Directory.CreateTempSubdirectory("guantong-token-").FullName;
        var settings = Path.Combine(home, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {home}\nobjectstore.backend = file\nlog.level = ERROR\n");
        // The library reads the process's own environment, which .NET keeps a copy of.
        Assert.Equal(0, SetEnvironment("SOFTHSM2_CONF", settings, 1));
        // Whoever is signed in to a token stays so for the whole process: a wrong PIN is tried on one that nobody uses.
        foreach (var label in (string[])["guantong", "guarded"])
        {
            using var made = Process.Start(new ProcessStartInfo("softhsm2-util", ["--init-token", "--free", "--label", label, "--pin", Pin, "--so-pin", "0815-not-secret"]) { Environment = { ["SOFTHSM2_CONF"] = settings }, RedirectStandardOutput = true })!;
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }
        return home;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrites);
}
