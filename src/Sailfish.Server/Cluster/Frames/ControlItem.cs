namespace Sailfish.Server.Cluster.Frames;

/// <summary>
/// Something for other nodes to do or to tell: <c>type u8, length i32, body</c>. By the length, a node skips types that it does
/// not know, and what a newer version adds to those that it knows. All of them can be done twice.
/// </summary>
internal abstract record ControlItem : IFrameItem<ControlItem>
{
    private const byte CloseConnectionType = 1;
    private const byte AnnouncementType = 2;
    private const byte ChangedType = 3;

    public static FrameKind Kind => FrameKind.Control;

    public int Size => 1 + 4 + BodySize;

    /// <summary>How many bytes <see cref="WriteBody"/> writes.</summary>
    protected abstract int BodySize { get; }

    protected abstract byte Type { get; }

    public void Write(ref FieldWriter fields)
    {
        fields.Byte(Type);
        fields.Int32(BodySize);
        WriteBody(ref fields);
    }

    public static ControlItem Read(ref FieldReader fields)
    {
        var type = fields.Byte();
        var body = new FieldReader(fields.Bytes());
        var item = ReadBody(type, ref body);
        fields.Fail(body.Fault);
        return item;
    }

    protected abstract void WriteBody(ref FieldWriter fields);

    private static ControlItem ReadBody(byte type, ref FieldReader body) => type switch
    {
        CloseConnectionType => new CloseConnection(body.Positive(), body.Text()),
        AnnouncementType => new Announced(body.Int64(), body.Int32(), body.Text(), body.Text()),
        ChangedType => new Changed(body.Positive()),
        _ => Unknown.Instance,
    };

    /// <summary>End a connection by its id: never a newer one of the same user.</summary>
    /// <param name="ConnectionId">Of the node that gets it.</param>
    /// <param name="Reason">The word of a BYE.</param>
    public sealed record CloseConnection(long ConnectionId, string Reason) : ControlItem
    {
        protected override byte Type => CloseConnectionType;

        protected override int BodySize => 8 + FieldWriter.SizeOf(Reason);

        protected override void WriteBody(ref FieldWriter fields)
        {
            fields.Int64(ConnectionId);
            fields.Text(Reason);
        }
    }

    /// <summary>Something for all users of an app who are online; not stored.</summary>
    /// <param name="AppId">The app.</param>
    /// <param name="BizCode">What it is.</param>
    /// <param name="MsgId">The same on every node.</param>
    /// <param name="Data">What is told.</param>
    public sealed record Announced(long AppId, int BizCode, string MsgId, string Data) : ControlItem
    {
        protected override byte Type => AnnouncementType;

        protected override int BodySize => 8 + 4 + FieldWriter.SizeOf(MsgId) + FieldWriter.SizeOf(Data);

        protected override void WriteBody(ref FieldWriter fields)
        {
            fields.Int64(AppId);
            fields.Int32(BizCode);
            fields.Text(MsgId);
            fields.Text(Data);
        }
    }

    /// <summary>The feed of changes has something new: read it now rather than at the next look.</summary>
    /// <param name="Id">The newest row that the sender knows.</param>
    public sealed record Changed(long Id) : ControlItem
    {
        /// <summary>Whichever row it is.</summary>
        public static Changed Some { get; } = new(1);

        protected override byte Type => ChangedType;

        protected override int BodySize => 8;

        protected override void WriteBody(ref FieldWriter fields) => fields.Int64(Id);
    }

    /// <summary>Of a type that only a newer version knows.</summary>
    public sealed record Unknown : ControlItem
    {
        private Unknown()
        {
        }

        public static Unknown Instance { get; } = new();

        protected override byte Type => throw new NotSupportedException("Only what is known is sent.");

        protected override int BodySize => 0;

        protected override void WriteBody(ref FieldWriter fields)
        {
        }
    }
}
