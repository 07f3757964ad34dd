using System.Buffers;
using System.Net;
using System.Text;
using Sailfish.Server.Gateway.Admission;
using Sailfish.Tests.Protocol;

namespace Sailfish.Tests.Server.Gateway;

public sealed class ProxyHeaderTests
{
    private static readonly byte[] Signature = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A];

    public static TheoryData<byte[], string?> Good => new()
    {
        { Line("PROXY TCP4 192.0.2.1 198.51.100.7 56324 443\r\n"), "192.0.2.1:56324" },
        { Line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n"), "255.255.255.255:65535" },
        { Line("PROXY TCP6 2001:db8::1 2001:db8::2 1 2\r\n"), "[2001:db8::1]:1" },
        { Line("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"), "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535" },
        { Line("PROXY UNKNOWN\r\n"), null },
        { Line("PROXY UNKNOWN ffff:f...f:ffff whatever 65535 65535\r\n"), null },
        { Binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 7, 0xDC, 0x04, 1, 0xBB]), "192.0.2.1:56324" },
        { Binary(0x21, 0x21, [.. IPAddress.Parse("2001:db8::1").GetAddressBytes(), .. IPAddress.Parse("2001:db8::2").GetAddressBytes(), 0, 1, 0, 2]), "[2001:db8::1]:1" },
        // What is appended is passed by.
        { Binary(0x21, 0x11, [192, 0, 2, 1, 198, 51, 100, 7, 0xDC, 0x04, 1, 0xBB, 3, 0, 4, 1, 2, 3, 4]), "192.0.2.1:56324" },
        { Binary(0x20, 0x00, []), null },
        { Binary(0x20, 0x11, [1, 2, 3]), null },
        { Binary(0x21, 0x00, []), null },
        { Binary(0x21, 0x31, new byte[216]), null },
        { Binary(0x21, 0x12, new byte[12]), null },
    };

    public static TheoryData<byte[]> Broken => new(
        Line("LOGIN"),
        Line("GET / HTTP/1.1\r\n\r\n"),
        Line("PROXY\r\n"),
        Line("proxy TCP4 192.0.2.1 198.51.100.7 1 2\r\n"),
        Line("PROXY \r\n"),
        Line("PROXY TCP5 192.0.2.1 198.51.100.7 1 2\r\n"),
        Line("PROXY TCP4 192.0.2.1 198.51.100.7 1\r\n"),
        Line("PROXY TCP4 192.0.2.1 198.51.100.7 1 2 3\r\n"),
        Line("PROXY TCP4  192.0.2.1 198.51.100.7 1 2\r\n"),
        Line("PROXY TCP4 192.0.2.1 198.51.100.7 65536 2\r\n"),
        Line("PROXY TCP4 192.0.2.1 198.51.100.7 -1 2\r\n"),
        Line("PROXY TCP4 192.0.2 198.51.100.7 1 2\r\n"),
        Line("PROXY TCP4 0x7f.0.0.1 198.51.100.7 1 2\r\n"),
        Line("PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n"),
        Line("PROXY TCP6 192.0.2.1 198.51.100.7 1 2\r\n"),
        Line("PROXY TCP6 fe80::1%1 2001:db8::2 1 2\r\n"),
        Line("PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n"),
        Line("PROXY UNKNOWN " + new string('x', 94) + "\r\n"),
        Line("PROXY " + new string('x', 200)),
        Binary(0x11, 0x11, new byte[12]),
        Binary(0x22, 0x11, new byte[12]),
        Binary(0x21, 0x11, new byte[11]),
        Binary(0x21, 0x21, new byte[35]),
        [.. Signature, 0x21, 0x11, 0xFF, 0xFF]);

    [Theory]
    [MemberData(nameof(Good))]
    public void A_good_header_is_taken_and_nothing_behind_it(byte[] header, string? source)
    {
        byte[] bytes = [.. header, .. "GET /"u8];
        foreach (var cut in Sequences.EveryCut(bytes).Append(Sequences.ByteByByte(bytes)))
        {
            var input = cut;
            Assert.Equal(ProxyHeaderStatus.Read, ProxyHeader.TryRead(ref input, out var named));
            Assert.Equal(source, named?.ToString());
            Assert.Equal("GET /", Encoding.ASCII.GetString(input));
        }
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void A_part_of_a_header_waits_for_more(byte[] header, string? source)
    {
        Assert.True(source is null || source.Length > 0);
        for (var length = 0; length < header.Length; length++)
        {
            var input = new ReadOnlySequence<byte>(header, 0, length);
            Assert.Equal(ProxyHeaderStatus.NeedMore, ProxyHeader.TryRead(ref input, out _));
            Assert.Equal(length, input.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_no_header_is_refused(byte[] bytes)
    {
        var input = new ReadOnlySequence<byte>(bytes);
        Assert.Equal(ProxyHeaderStatus.Bad, ProxyHeader.TryRead(ref input, out var source));
        Assert.Null(source);
        Assert.Equal(bytes.Length, input.Length);
    }

    [Fact]
    public void A_header_as_long_as_may_be_is_taken_and_one_byte_more_is_refused_before_it_has_come()
    {
        var longest = Binary(0x21, 0x11, new byte[ProxyHeader.MaxLength - 16]);
        var input = new ReadOnlySequence<byte>(longest);
        Assert.Equal(ProxyHeaderStatus.Read, ProxyHeader.TryRead(ref input, out _));
        var longer = Binary(0x21, 0x11, new byte[ProxyHeader.MaxLength - 15]);
        input = new ReadOnlySequence<byte>(longer, 0, 16);
        Assert.Equal(ProxyHeaderStatus.Bad, ProxyHeader.TryRead(ref input, out _));
    }

    [Fact]
    public void Mutated_headers_are_read_or_refused_whatever_the_segments()
    {
        var mutator = new Mutator(1776, [.. Good.Select(row => row.Data.Item1)]);
        for (var round = 0; round < 40_000; round++)
        {
            var bytes = mutator.Next();
            var (whole, pieces) = (new ReadOnlySequence<byte>(bytes), Sequences.InLengths(bytes, mutator.Lengths()));
            var status = ProxyHeader.TryRead(ref whole, out var source);
            Assert.Equal(status, ProxyHeader.TryRead(ref pieces, out var again));
            Assert.Equal(source, again);
            Assert.Equal(whole.ToArray(), pieces.ToArray());

            // No byte past the end of a header has a say in it.
            byte[] longer = [.. bytes, .. mutator.Tail(0)];
            var input = new ReadOnlySequence<byte>(longer);
            if (status != ProxyHeaderStatus.NeedMore)
                Assert.Equal(status, ProxyHeader.TryRead(ref input, out _));
        }
    }

    private static byte[] Line(string text) => Encoding.ASCII.GetBytes(text);

    private static byte[] Binary(byte command, byte family, byte[] rest) =>
        [.. Signature, command, family, (byte)(rest.Length >> 8), (byte)rest.Length, .. rest];
}
