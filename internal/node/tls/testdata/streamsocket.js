// the constructor behind _parentWrap lays a socket over a stream
const assert=require('assert');const tls=require('tls'),{PassThrough,duplexPair}=require('stream'),http=require('http');
const C=(new tls.TLSSocket(new PassThrough()))._handle._parentWrap.constructor;
const [a,b]=duplexPair();const s=http.createServer((q,r)=>r.end('over '+q.url));s.emit('connection',b);
const sock=new C(a);
http.get({createConnection:()=>sock,path:'/x'},(r)=>{let t='';r.setEncoding('utf8').on('data',d=>t+=d).on('end',()=>{assert.strictEqual(t,'over /x');process.exit()})});
