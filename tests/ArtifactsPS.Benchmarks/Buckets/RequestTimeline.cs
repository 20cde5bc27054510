using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace ArtifactsPS.Benchmarks.Buckets;

/// <summary>Times and bytes of the HTTP requests that passed a proxy, to see how many are in flight and what waits for what.</summary>
internal sealed class RequestTimeline
{
    private readonly ConcurrentQueue<Exchange> _exchanges = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private int _connections;

    /// <summary>Name of the work whose requests follow.</summary>
    public string Work { get; set; } = "";

    /// <summary>Starts the record of a connection.</summary>
    public Connection Connect() => new(this, Interlocked.Increment(ref _connections));

    /// <summary>Writes a line for each request: work, connection, method, path, milliseconds of its first byte, its last byte,
    /// the first and the last byte of the answer, bytes sent, bytes received.</summary>
    public void Save(string path) =>
        File.WriteAllLines(
            path,
            _exchanges
                .OrderBy(exchange => exchange.Started)
                .Select(exchange =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{exchange.Work}\t{exchange.Connection}\t{exchange.Line}\t{exchange.Started:F1}\t{exchange.Sent:F1}\t{exchange.Answered:F1}\t{exchange.Ended:F1}\t{exchange.BytesSent}\t{exchange.BytesReceived}"
                    )
                )
        );

    private double Now => Stopwatch.GetElapsedTime(_start).TotalMilliseconds;

    /// <summary>Requests of one connection, one after the other.</summary>
    internal sealed class Connection(RequestTimeline timeline, int number)
    {
        private readonly StringBuilder _head = new();
        private Exchange? _current;
        private long _body;

        /// <summary>Records bytes from the client.</summary>
        public void Send(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
                if (_body > 0)
                {
                    var count = (int)Math.Min(_body, bytes.Length);
                    _body -= count;
                    bytes = bytes[count..];
                    _current!.BytesSent += count;
                    _current.Sent = timeline.Now;
                }
                else
                {
                    _head.Append((char)bytes[0]);
                    bytes = bytes[1..];
                    if (_head.Length > 3 && _head.ToString(_head.Length - 4, 4) == "\r\n\r\n")
                        Begin();
                }
        }

        /// <summary>Records bytes from the server.</summary>
        public void Receive(int count)
        {
            if (_current is not { } current)
                return;
            if (current.BytesReceived == 0)
                current.Answered = timeline.Now;
            current.Ended = timeline.Now;
            current.BytesReceived += count;
        }

        private void Begin()
        {
            var lines = _head.ToString().Split("\r\n");
            _head.Clear();
            _current = new Exchange
            {
                Work = timeline.Work,
                Connection = number,
                Line = string.Join('\t', lines[0].Split(' ').Take(2)),
                Started = timeline.Now,
                Sent = timeline.Now,
            };
            const string Length = "Content-Length:";
            _body = lines
                .Where(line => line.StartsWith(Length, StringComparison.OrdinalIgnoreCase))
                .Select(line => long.Parse(line.AsSpan(Length.Length), CultureInfo.InvariantCulture))
                .FirstOrDefault();
            timeline._exchanges.Enqueue(_current);
        }
    }

    private sealed class Exchange
    {
        public required string Work { get; init; }
        public required int Connection { get; init; }
        public required string Line { get; init; }
        public required double Started { get; init; }
        public double Sent { get; set; }
        public double Answered { get; set; }
        public double Ended { get; set; }
        public long BytesSent { get; set; }
        public long BytesReceived { get; set; }
    }
}
