using System.Security.Cryptography;
using System.Text;
using ArtifactsPS.Core.Catalogs;
using ArtifactsPS.Core.Manifests;
using ArtifactsPS.Core.Values;

namespace ArtifactsPS.Core.Attestations;

/// <summary>
/// Statements about the files of a version, generated from its manifest as streams. Equal content and claims give equal bytes, so a
/// signature needs no copy of what was signed. References are not listed: their targets are elsewhere. The version's digest, which
/// is part of the claims, covers them.
/// </summary>
internal sealed class ManifestStatement
{
    private readonly Manifest _manifest;
    private readonly long _nameLength;

    private ManifestStatement(Manifest manifest, VersionRecord version, ManifestClaim claim, Totals totals)
    {
        _manifest = manifest;
        _nameLength = totals.NameLength;
        FileCount = totals.FileCount;
        ModelDigest = totals.ModelDigest;
        Model = StatementForm.OfModel(version, claim, totals.ModelDigest);
        Files = StatementForm.OfFiles(version, claim);
    }

    /// <summary>Number of files, without references.</summary>
    public long FileCount { get; }

    /// <summary>SHA-256 of the digests of all files, in path order.</summary>
    public Digest ModelDigest { get; }

    /// <summary>The statement of OpenSSF Model Signing 1.0.</summary>
    public StatementForm Model { get; }

    /// <summary>The statement whose subjects are the files.</summary>
    public StatementForm Files { get; }

    /// <summary>Reads a manifest once, for the lengths of the statements and the digest of the model.</summary>
    public static async Task<ManifestStatement> PrepareAsync(
        Manifest manifest,
        VersionRecord version,
        ManifestClaim claim,
        CancellationToken cancellationToken
    )
    {
        using var hash = new Sha256();
        var digest = new byte[Digest.Length];
        long files = 0;
        long nameLength = 0;
        await foreach (var entry in manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is not null)
                continue;
            entry.Digest!.Value.CopyTo(digest);
            hash.Append(digest, 0, digest.Length);
            nameLength += JsonBuffer.TextLength(entry.Path.ToString());
            files++;
        }
        return new ManifestStatement(manifest, version, claim, new Totals(files, nameLength, hash.Finish()));
    }

    /// <summary>Hashes the signed bytes of both statements in one pass.</summary>
    public async Task<(byte[] Model, byte[] Files)> HashAsync(
        HashAlgorithmName algorithm,
        CancellationToken cancellationToken
    )
    {
        using var model = IncrementalHash.CreateHash(algorithm);
        using var files = IncrementalHash.CreateHash(algorithm);
        await WriteAsync(
                [
                    (Model, new JsonBuffer((bytes, count) => model.AppendData(bytes, 0, count))),
                    (Files, new JsonBuffer((bytes, count) => files.AppendData(bytes, 0, count))),
                ],
                signed: true,
                cancellationToken
            )
            .ConfigureAwait(false);
        return (model.GetHashAndReset(), files.GetHashAndReset());
    }

    /// <summary>Writes a statement to a stream.</summary>
    public Task WriteAsync(StatementForm form, Stream target, CancellationToken cancellationToken) =>
        WriteAsync(
            [(form, new JsonBuffer((bytes, count) => target.Write(bytes, 0, count)))],
            signed: false,
            cancellationToken
        );

    // With the bytes before the payload, if it is to be signed.
    private async Task WriteAsync(
        (StatementForm Form, JsonBuffer Buffer)[] targets,
        bool signed,
        CancellationToken cancellationToken
    )
    {
        foreach (var (form, buffer) in targets)
        {
            if (signed)
                buffer.Raw(Statement.SignedPrefix(form.Length(FileCount, _nameLength)));
            buffer.Raw(form.Prefix);
        }
        var first = true;
        await foreach (var entry in _manifest.EntriesAsync(cancellationToken).ConfigureAwait(false))
        {
            if (entry.Uri is not null)
                continue;
            var name = entry.Path.ToString();
            foreach (var (form, buffer) in targets)
            {
                if (!first)
                    buffer.Byte(StatementForm.Separator);
                buffer.Raw(StatementForm.BeforeName);
                buffer.Text(name);
                buffer.Raw(form.BeforeDigest);
                buffer.Hex(entry.Digest!.Value);
                buffer.Raw(form.AfterDigest);
            }
            first = false;
        }
        foreach (var (form, buffer) in targets)
        {
            buffer.Raw(form.Suffix);
            buffer.Flush();
        }
    }

    private readonly record struct Totals(long FileCount, long NameLength, Digest ModelDigest);

    /// <summary>JSON in UTF-8 that is passed on in blocks.</summary>
    private sealed class JsonBuffer(Action<byte[], int> flush)
    {
        private const int Size = 64 << 10;

        private static readonly byte[] HexDigits = "0123456789abcdef"u8.ToArray();

        private readonly byte[] _bytes = new byte[Size];
        private readonly byte[] _digest = new byte[Digest.Length];
        private int _used;

        /// <summary>Length of a text in quotation marks.</summary>
        public static int TextLength(string text)
        {
            var length = 2 + Encoding.UTF8.GetByteCount(text);
            foreach (var c in text)
                if (c is '"' or '\\')
                    length++;
            return length;
        }

        public void Raw(byte[] bytes)
        {
            if (bytes.Length > Size)
            {
                Flush();
                flush(bytes, bytes.Length);
                return;
            }
            Reserve(bytes.Length);
            bytes.CopyTo(_bytes, _used);
            _used += bytes.Length;
        }

        public void Byte(byte value)
        {
            Reserve(1);
            _bytes[_used++] = value;
        }

        /// <summary>Appends a path in quotation marks. Paths have no control characters, and at most 4096 bytes.</summary>
        public void Text(string path)
        {
            Reserve(2 + 2 * Encoding.UTF8.GetMaxByteCount(path.Length));
            _bytes[_used++] = (byte)'"';
            var start = _used;
            _used += Encoding.UTF8.GetBytes(path, 0, path.Length, _bytes, _used);
            if (path.IndexOf('"') >= 0 || path.IndexOf('\\') >= 0)
                Escape(start);
            _bytes[_used++] = (byte)'"';
        }

        public void Hex(Digest digest)
        {
            Reserve(2 * Digest.Length);
            digest.CopyTo(_digest);
            foreach (var value in _digest)
            {
                _bytes[_used++] = HexDigits[value >> 4];
                _bytes[_used++] = HexDigits[value & 15];
            }
        }

        public void Flush()
        {
            if (_used > 0)
                flush(_bytes, _used);
            _used = 0;
        }

        private void Escape(int start)
        {
            var plain = _bytes.AsSpan(start, _used - start).ToArray();
            _used = start;
            foreach (var value in plain)
            {
                if (value is (byte)'"' or (byte)'\\')
                    _bytes[_used++] = (byte)'\\';
                _bytes[_used++] = value;
            }
        }

        private void Reserve(int count)
        {
            if (_used + count > Size)
                Flush();
        }
    }
}
