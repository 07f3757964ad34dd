using System.Text;

namespace Sailfish.Tests.Protocol;

/// <summary>Makes broken inputs of good ones, the same ones for the same seed.</summary>
internal sealed class Mutator
{
    /// <summary>What parsers trip over, put in anywhere.</summary>
    private static readonly byte[][] Tokens =
    [
        [0], [0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF],
        [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x48, 0xF1], [0x48, 0xF1, 0, 0, 0x03, 0xEB],
        .. new[]
        {
            "{", "}", "[", "]", "\"", "\\", ":", ",", "\\ud800", "\\udc00", "\\u00", "\"\\ud83d\":1,", "null", "true", "{}", "[]",
            "-", "-0", "1e999", "99999999999999999999", "9007199254740993", ".5", "\"1\\u0000\"", "NaN", "/**/", "//", "\t", "\n", "\r\n",
            "\r\n\r\n", "\r", " ", "%", "?", "HTTP/1.1", "Upgrade:", "Connection: Upgrade\r\n", "\"code\":", "\"body\":", "\"body\":\"",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":[", 40))),
    ];

    private readonly Random _random;
    private readonly IReadOnlyList<byte[]> _samples;

    public Mutator(int seed, IReadOnlyList<byte[]> samples)
    {
        _random = new Random(seed);
        _samples = samples;
    }

    /// <summary>A sample changed one to four times, now and then not at all or made of nothing but chance.</summary>
    public byte[] Next()
    {
        if (_random.Next(20) == 0)
            return Noise(_random.Next(64));
        List<byte> bytes = [.. Sample()];
        for (var left = _random.Next(5); left > 0; left--)
            Change(bytes);
        return [.. bytes];
    }

    /// <summary>Lengths to cut an input's segments by.</summary>
    public int[] Lengths() => [.. Enumerable.Range(0, _random.Next(1, 6)).Select(_ => _random.Next(24))];

    /// <summary>The end of a sample from <paramref name="from"/> on: what would make a truncated input whole.</summary>
    public byte[] Tail(int from)
    {
        var sample = Sample();
        return from < sample.Length ? sample[from..] : sample;
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = _random.Next(Math.Min(bytes.Count - at, 32) + 1);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 3:
                bytes.RemoveRange(at, length);
                break;
            case 4:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 5:
                var other = Sample();
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other[_random.Next(other.Length + 1)..]);
                break;
            case 6:
                bytes.InsertRange(at, Noise(_random.Next(16)));
                break;
            default:
                bytes.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                break;
        }
    }

    private byte[] Sample() => _samples[_random.Next(_samples.Count)];

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }
}
