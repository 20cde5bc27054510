using ArtifactsPS.Tests.Sessions;

namespace ArtifactsPS.Tests.Commands;

/// <summary>Interruption of the script blocks of handlers, and streams that break.</summary>
[Collection(SerialCollection.Name)]
public sealed class ReferenceHandlerTests : SessionTests
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("New-Artifact other dataset | Add-ArtifactReference slow:b", "Probe")]
    [InlineData("Save-Artifact data out", "Open")]
    [InlineData("Get-ArtifactContent data a", "Open")]
    public void Script_block_is_interrupted_with_its_command(string command, string parameter)
    {
        using var started = new ManualResetEvent(initialState: false);
        Session.Run(
            "$null = Register-ArtifactReferenceHandler slow -Probe { @{ Size = 1 } } -Open { }; "
                + "$null = New-Artifact data dataset | Add-ArtifactReference slow:a | Publish-Artifact"
        );
        Session.Run(
            "$event = $args[0]; $slow = @{ Probe = { @{ Size = 1 } }; Open = { } }; "
                + "$slow[$args[1]] = { $null = $event.Set(); Start-Sleep 60 }; "
                + "$null = Register-ArtifactReferenceHandler slow @slow -Force",
            started,
            parameter
        );

        Assert.InRange(Session.InterruptWhen(started, command), TimeSpan.Zero, StopLimit);
        Assert.Equal(
            "text",
            Session
                .One(
                    "$null = Register-ArtifactReferenceHandler slow -Probe { @{ Size = 4 } } -Open { 'text' } -Force; "
                        + "$null = New-Artifact again dataset | Add-ArtifactReference slow:c | Publish-Artifact; "
                        + "Get-ArtifactContent again c"
                )
                .BaseObject
        );
    }

    [Theory]
    [InlineData("param($uri, $version, $offset)", "$offset", 3)]
    [InlineData("param($uri)", "0", 0)]
    public void Broken_stream_is_resumed_where_a_digest_is_known(string parameters, string offset, long resumedAt)
    {
        var opened = new List<long>();
        Func<long, Stream> open = start =>
        {
            opened.Add(start);
            var rest = new MemoryStream("0123456789"u8[(int)start..].ToArray());
            return opened.Count % 2 == 1 ? new BrokenStream(rest) : rest;
        };
        Session.Run(
            $"$open = $args[0]; $null = Register-ArtifactReferenceHandler broken -Probe {{ @{{ Size = 10 }} }} "
                + $"-Open {{ {parameters} , $open.Invoke({offset}) }}; "
                + "$null = New-Artifact data dataset | Add-ArtifactReference broken:a -Digest $args[1] -Size 10 | Publish-Artifact",
            open,
            "sha256:84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"
        );

        Assert.Equal("0123456789", Session.One("Get-ArtifactContent data a").BaseObject);
        Session.Run("Save-Artifact data out");
        Assert.Equal("0123456789", File.ReadAllText(Path.Combine(Session.Folder, "out", "a")));
        Assert.Equal([0, resumedAt, 0, resumedAt], opened);
    }

    private sealed class BrokenStream(Stream inner) : Stream
    {
        private bool _isBroken;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_isBroken)
                throw new IOException("The connection was reset.");
            _isBroken = true;
            return inner.Read(buffer, offset, Math.Min(count, 3));
        }

        public override void Flush() { }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
