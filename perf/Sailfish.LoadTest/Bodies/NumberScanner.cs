using System.Text;

namespace Sailfish.LoadTest.Bodies;

/// <summary>
/// Finds the number after a mark in JSON that is known to hold it. The place where it stood last is tried first:
/// bodies of one kind have one layout, so nearly no body is searched.
/// </summary>
internal sealed class NumberScanner
{
    private readonly byte[] _mark;
    private readonly bool _isAfterDash;
    private int _offset;

    private NumberScanner(ReadOnlySpan<byte> mark, bool isAfterDash = false)
    {
        _mark = mark.ToArray();
        _isAfterDash = isAfterDash;
    }

    /// <summary>
    /// The seq of a MESSAGE of <paramref name="conversation"/>; in a body of another it finds nothing. Protocol 1 names
    /// neither: there the seq is the part of <c>msgId</c> behind the dash.
    /// </summary>
    internal static NumberScanner SeqIn(string conversation, int protocol) => protocol == 1
        ? new("\"msgId\":\""u8, isAfterDash: true)
        : new(Encoding.ASCII.GetBytes($"\"conversation\":\"{conversation}\",\"seq\":"));

    /// <summary>Who sent a MESSAGE, as the server stamped it into the data.</summary>
    internal static NumberScanner Sender() => new("\\\"userId\\\":"u8);

    /// <summary><c>seq</c>, of JOIN and RECEIPT. The mark cannot stand inside a string, where quotes are escaped.</summary>
    internal static NumberScanner Seq() => new("\"seq\":"u8);

    /// <summary><c>clientMsgId</c> as <see cref="MessageTemplate"/> writes it.</summary>
    internal static NumberScanner ClientMsgId() => new("\"clientMsgId\":\""u8);

    internal int Read(ReadOnlySpan<byte> body)
    {
        if (_offset + _mark.Length > body.Length || !body[_offset..].StartsWith(_mark))
        {
            var found = body.IndexOf(_mark);
            if (found < 0)
                throw new LoadTestException($"No {Encoding.UTF8.GetString(_mark)} in {Encoding.UTF8.GetString(body)}");
            _offset = found;
        }

        var start = _offset + _mark.Length;
        if (_isAfterDash)
            start += body[start..].IndexOf((byte)'-') + 1;
        return Digits(body[start..]);
    }

    /// <summary>The number that a text begins with; 0 when it begins with none.</summary>
    internal static int Digits(ReadOnlySpan<byte> text)
    {
        var value = 0;
        for (var i = 0; i < text.Length && char.IsAsciiDigit((char)text[i]); i++)
            value = (value * 10) + (text[i] - '0');
        return value;
    }
}
