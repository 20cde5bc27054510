using System.Net.Sockets;
using System.Text;

namespace ArtifactsPS.Core.Tests.References;

public sealed class ReferenceServiceTests
{
    private const string Uri = FakeReferenceSource.Root + "k";

    private readonly FakeReferenceSource _source = new();
    private readonly NamedTarget _target = NamedTarget.Of(Uri);

    [Fact]
    public async Task Missing_target_has_no_properties() =>
        Assert.Null(await _source.ToService().ProbeAsync(_target, Token));

    [Fact]
    public async Task Unanswered_request_is_sent_again()
    {
        _source.Set("k", "text");
        _source.BeforeRequest = _ =>
        {
            if (_source.Requests.Count < 3)
                throw new BucketException(BucketFailure.Unanswered, "busy.");
        };

        Assert.Equal(4, (await _source.ToService().ProbeAsync(_target, Token))!.Size);
        Assert.Equal(3, _source.Requests.Count);
    }

    [Fact]
    public async Task Refusal_is_not_sent_again()
    {
        _source.BeforeRequest = _ => throw new TargetDeniedException("forbidden.");

        var error = await Assert.ThrowsAsync<ReferenceAccessDeniedException>(() =>
            _source.ToService().ProbeAsync(new NamedTarget("path", Uri), Token)
        );

        Assert.Single(_source.Requests);
        Assert.Equal("path", error.Target);
        Assert.Contains("forbidden.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_that_never_answers_is_given_up()
    {
        var time = new Fixtures.SteppedTime();
        _source.BeforeRequest = _ => throw new BucketException(BucketFailure.Unanswered, "busy.");
        var service = _source.ToService(new RequestLimits { Time = time, Retry = TimeSpan.FromSeconds(10) });

        var probe = service.ProbeAsync(_target, Token);

        var error = await Assert.ThrowsAsync<ReferenceUnavailableException>(() => time.PassAsync(probe));
        Assert.Contains("can't be read: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused)]
    [InlineData(SocketError.HostUnreachable)]
    public async Task Server_that_is_gone_is_given_up_soon(SocketError error)
    {
        var time = new Fixtures.SteppedTime();
        _source.BeforeRequest = _ => throw BucketException.Unreached(new SocketException((int)error));
        var service = _source.ToSources(time).Find(Uri)!;

        await Assert.ThrowsAsync<ReferenceUnavailableException>(() =>
            time.PassAsync(service.ProbeAsync(_target, Token))
        );
        Assert.InRange(time.Now.TotalSeconds, 5, 6);
        // Other targets of the server share the wait.
        var requests = _source.Requests.Count;
        await Assert.ThrowsAsync<ReferenceUnavailableException>(() => service.ProbeAsync(_target, Token));
        Assert.Equal(requests + 1, _source.Requests.Count);
    }

    [Fact]
    public async Task Server_that_restarts_is_waited_for()
    {
        var time = new Fixtures.SteppedTime();
        _source.Set("k", "text");
        _source.BeforeRequest = _ =>
        {
            if (time.Now < TimeSpan.FromSeconds(3))
                throw BucketException.Unreached(new SocketException((int)SocketError.ConnectionRefused));
        };
        var service = _source.ToSources(time).Find(Uri)!;

        Assert.Equal(4, (await time.PassAsync(service.ProbeAsync(_target, Token)))!.Size);
    }

    [Fact]
    public async Task Broken_read_resumes_at_its_offset()
    {
        _source.Set("k", "0123456789");
        _source.Wrap = stream => new BreakingStream(stream, 3);

        Assert.Equal("0123456789", await ReadAsync(isChecked: false));
        Assert.Equal([$"open {Uri} 0", $"open {Uri} 3", $"open {Uri} 6", $"open {Uri} 9"], _source.Requests);
    }

    [Fact]
    public async Task Target_that_changes_during_read_is_reported()
    {
        _source.Set("k", "0123456789");
        _source.Wrap = stream =>
        {
            _source.Set("k", "abcdefghij", etag: "e2");
            return new BreakingStream(stream, 3);
        };

        var error = await Assert.ThrowsAsync<ReferenceChangedException>(() => ReadAsync(isChecked: false));
        Assert.Contains("'e2', not 'e1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Target_that_vanishes_during_read_is_reported()
    {
        _source.Set("k", "0123456789");
        _source.Wrap = stream =>
        {
            _source.Remove("k");
            return new BreakingStream(stream, 3);
        };

        await Assert.ThrowsAsync<ReferenceChangedException>(() => ReadAsync(isChecked: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Target_without_identity_resumes_only_if_checked(bool isChecked)
    {
        _source.Set("k", "0123456789", etag: null);
        _source.Wrap = stream => new BreakingStream(stream, 3);

        if (isChecked)
            Assert.Equal("0123456789", await ReadAsync(isChecked));
        else
            await Assert.ThrowsAsync<ReferenceUnavailableException>(() => ReadAsync(isChecked));
    }

    [Fact]
    public async Task Answer_that_ends_early_resumes()
    {
        _source.Set("k", "0123456789");
        _source.Wrap = stream =>
        {
            var part = new byte[4];
            return new MemoryStream(part, 0, stream.Read(part, 0, 4));
        };

        Assert.Equal("0123456789", await ReadAsync(isChecked: false));
    }

    [Fact]
    public async Task Answer_longer_than_announced_is_reported()
    {
        _source.Set("k", "0123");
        _source.Wrap = _ => new MemoryStream(new byte[9]);

        await Assert.ThrowsAsync<ReferenceChangedException>(() => ReadAsync(isChecked: false));
    }

    private async Task<string> ReadAsync(bool isChecked)
    {
        using var stream = await _source.ToService().OpenAsync(_target, isChecked, Token);
        using var bytes = new MemoryStream();
        await stream!.CopyToAsync(bytes, Token);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
