using System.Runtime.InteropServices;

namespace Guantong.Trust;

/// <summary>What is called of libcrypto (OpenSSL 3, man section 3); where lengths are not returned, 1 means done.</summary>
internal sealed unsafe partial class OpenSsl
{
    private const string Library = "libcrypto.so.3";

    /// <summary>OSSL_PARAM(3).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Parameter(byte* key, uint type, void* data, nuint size)
    {
        public readonly byte* Key = key;
        public readonly uint Type = type;
        public readonly void* Data = data;
        public readonly nuint Size = size;
        public readonly nuint Returned = nuint.MaxValue;
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_MD_fetch(nint library, string name, string? properties);

    [LibraryImport(Library)]
    private static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    private static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_DigestInit_ex2(nint context, nint type, nint parameters);

    [LibraryImport(Library)]
    private static partial int EVP_DigestUpdate(nint context, ReadOnlySpan<byte> data, nuint length);

    [LibraryImport(Library)]
    private static partial int EVP_DigestFinal_ex(nint context, Span<byte> digest, nint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_CIPHER_fetch(nint library, string name, string? properties);

    [LibraryImport(Library)]
    private static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    private static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_CipherInit_ex2(nint context, nint cipher, ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, int encrypts, nint parameters);

    [LibraryImport(Library)]
    private static partial int EVP_CIPHER_CTX_set_padding(nint context, int pad);

    [LibraryImport(Library)]
    private static partial int EVP_CipherUpdate(nint context, byte* output, out int written, ReadOnlySpan<byte> input, int length);

    [LibraryImport(Library)]
    private static partial int EVP_CipherFinal_ex(nint context, byte* output, out int written);

    [LibraryImport(Library)]
    private static partial int EVP_CIPHER_CTX_ctrl(nint context, int type, int argument, byte* pointer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_PKEY_CTX_new_from_name(nint library, string name, string? properties);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint EVP_PKEY_CTX_new_from_pkey(nint library, nint key, string? properties);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_fromdata_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_fromdata(nint context, out nint key, int selection, Parameter* parameters);

    [LibraryImport(Library)]
    private static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_sign_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_sign(nint context, Span<byte> signature, ref nuint length, ReadOnlySpan<byte> digest, nuint digestLength);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_verify_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_verify(nint context, ReadOnlySpan<byte> signature, nuint length, ReadOnlySpan<byte> digest, nuint digestLength);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_encrypt_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_encrypt(nint context, byte* output, ref nuint length, ReadOnlySpan<byte> input, nuint inputLength);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_decrypt_init(nint context);

    [LibraryImport(Library)]
    private static partial int EVP_PKEY_decrypt(nint context, byte* output, ref nuint length, ReadOnlySpan<byte> input, nuint inputLength);
}
