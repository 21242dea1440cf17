using System.Globalization;
using System.Text;

namespace Guantong.Gateway;

/// <summary>The signature of an answer, by which its receiver can prove later what the gateway said, to whom and when.</summary>
/// <remarks>HTTP Message Signatures (RFC 9421) over status, Content-Digest (RFC 9530) and the headers that name grant and call. docs/sharing.md tells how to verify one.</remarks>
public static class AnswerSignature
{
    /// <summary>The components that are signed, in their order.</summary>
    public const string Covered = "(\"@status\" \"content-digest\" \"guantong-grant\" \"guantong-trace\")";

    /// <summary>The parameters of a signature, as they stand in Signature-Input.</summary>
    public static string Parameters(string key, DateTimeOffset at) => string.Create(CultureInfo.InvariantCulture, $"{Covered};created={at.ToUnixTimeSeconds()};keyid=\"{key}\";alg=\"ecdsa-p256-sha256\"");

    /// <summary>What is signed (RFC 9421 §2.5).</summary>
    public static byte[] Base(int status, string digest, string grant, string trace, string parameters) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"@status\": {status}\n\"content-digest\": {digest}\n\"guantong-grant\": {grant}\n\"guantong-trace\": {trace}\n\"@signature-params\": {parameters}"));

    /// <summary>A Content-Digest.</summary>
    /// <param name="hash">SHA-256 over the body.</param>
    public static string Digest(ReadOnlySpan<byte> hash) => $"sha-256=:{Convert.ToBase64String(hash)}:";
}
