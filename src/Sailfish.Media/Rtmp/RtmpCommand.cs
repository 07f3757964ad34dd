using Sailfish.Media.Amf;

namespace Sailfish.Media.Rtmp;

/// <summary>A command's beginning (RTMP 1.0, section 7.2): <c>name | transaction | object or null | values</c>.</summary>
/// <param name="body">The message's body, in AMF0.</param>
internal ref struct RtmpCommand(ReadOnlySpan<byte> body)
{
    private Amf0Reader _reader = new(body);

    public string ReadName() => _reader.ReadString();

    /// <summary>The number that the answer has to bear; 0 for who wants none.</summary>
    public double ReadTransaction() => _reader.IsEnd || _reader.Peek() != AmfKind.Number ? 0 : _reader.ReadNumber();

    /// <summary><c>app</c> of the object of connect; empty when there is none.</summary>
    public string ReadApp()
    {
        var app = "";
        if (_reader.IsEnd || _reader.Peek() is not (AmfKind.Object or AmfKind.EcmaArray))
            return app;
        _reader.ReadObjectStart();
        while (_reader.ReadName(out var name))
        {
            if (name.SequenceEqual("app"u8) && _reader.Peek() == AmfKind.String)
                app = _reader.ReadString();
            else
                _reader.Skip();
        }

        return app;
    }

    /// <summary>The first value behind the object: the name of what is to be published, empty where there is none.</summary>
    public string ReadStreamName()
    {
        _reader.Skip();
        return _reader.IsEnd || _reader.Peek() != AmfKind.String ? "" : _reader.ReadString();
    }
}
