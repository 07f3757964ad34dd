namespace Sailfish.Media.Amf;

/// <summary>The byte before a value (AMF0 specification, section 2.1).</summary>
internal static class AmfMarker
{
    public const byte Number = 0;
    public const byte Boolean = 1;
    public const byte String = 2;
    public const byte Object = 3;
    public const byte Null = 5;
    public const byte Undefined = 6;
    public const byte EcmaArray = 8;
    public const byte ObjectEnd = 9;
    public const byte StrictArray = 10;
    public const byte Date = 11;
    public const byte LongString = 12;
}
